import type { Gap, QualityCounts, QualityEffect, QualityGroup } from '../../api/types'

/** The bars of a trend, each from 0 to 1 of the highest. */
export function bars(trend: number[]): number[] {
  const top = Math.max(1, ...trend)
  return trend.map((n) => n / top)
}

/** Why a group's questions were asked in vain, the commonest first, without those that never happened. */
export function reasons(gap: Pick<Gap, 'why'>): { why: keyof Gap['why']; n: number }[] {
  const order: (keyof Gap['why'])[] = ['unanswered', 'unclear', 'unhelpful', 'marked']
  return order.map((why) => ({ why, n: gap.why[why] })).filter((one) => one.n > 0).sort((a, b) => b.n - a.n)
}

/** One decimal below ten, none above. */
export const weightOf = (weight: number): string => (weight < 10 ? String(Math.round(weight * 10) / 10) : String(Math.round(weight)))

export type QualityMeasure = 'answered' | 'share' | 'right' | 'wrong' | 'clarified' | 'asked' | 'handed_off'
export const qualityMeasures: QualityMeasure[] = ['answered', 'share', 'right', 'wrong', 'clarified', 'asked', 'handed_off']

/** For which of them more is better, less is better, or neither. */
export const betterQuality: Record<QualityMeasure, -1 | 0 | 1> = { answered: 1, share: 1, right: 1, wrong: -1, clarified: -1, asked: -1, handed_off: -1 }

export const judged = (counts: QualityCounts): number => counts.right + counts.wrong

/** The value of a measure; null where nothing was judged. */
export function qualityOf(measure: QualityMeasure, counts: QualityCounts): number | null {
  if (measure !== 'share') return counts[measure]
  return judged(counts) ? counts.right / judged(counts) : null
}

/** As people read it: a share in per cent, everything else as a number. */
export function shownQuality(measure: QualityMeasure, value: number | null): string {
  if (value === null) return '—'
  return measure === 'share' ? `${Math.round(value * 100)}%` : String(Math.round(value))
}

/** Change against the days before: of a share in points, of a number in per cent; null where nothing can be compared. */
export function qualityChange(measure: QualityMeasure, now: QualityCounts, before: QualityCounts): number | null {
  const a = qualityOf(measure, before)
  const b = qualityOf(measure, now)
  if (a === null || b === null) return null
  if (measure === 'share') return Math.round((b - a) * 100)
  return a === 0 ? null : Math.round(((b - a) / a) * 100)
}

/** What a publication changed in points; null when too few answers were judged. */
export const effectOf = (effect: QualityEffect): number | null => (effect.enough ? qualityChange('share', effect.after, effect.before) : null)

const none = (): QualityCounts => ({ answered: 0, right: 0, wrong: 0, clarified: 0, asked: 0, handed_off: 0 })

function added(a: QualityCounts, b: QualityCounts): QualityCounts {
  return { answered: a.answered + b.answered, right: a.right + b.right, wrong: a.wrong + b.wrong, clarified: a.clarified + b.clarified, asked: a.asked + b.asked, handed_off: a.handed_off + b.handed_off }
}

const dayMs = 86_400_000

/** Monday of the week of a day. */
export function weekOf(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  return new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * dayMs).toISOString().slice(0, 10)
}

/** Every day, or week by its Monday, from one to another, also those on which nothing happened. */
export function spread(days: QualityGroup[], from: string, to: string, by: 'day' | 'week'): { label: string; counts: QualityCounts }[] {
  const place = by === 'week' ? weekOf : (day: string) => day
  const found = new Map<string, QualityCounts>()
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += dayMs) found.set(place(new Date(at).toISOString().slice(0, 10)), none())
  for (const one of days) {
    const label = place(one.day ?? '')
    found.set(label, added(found.get(label) ?? none(), one.counts))
  }
  return [...found].map(([label, counts]) => ({ label, counts }))
}
