import type { Report, ReportFigure, ReportGroup, ReportKind } from '../api/types'

/** What a card shows: a value taken from the figures of some days. */
export type Measure = 'started' | 'bot_share' | 'handed_off' | 'waited' | 'unserved' | 'first_response' | 'resolved' | 'rated' | 'sla'
export const measures: Measure[] = ['started', 'bot_share', 'handed_off', 'waited', 'unserved', 'first_response', 'resolved', 'rated', 'sla']
export type Unit = 'count' | 'time' | 'share' | 'score'

export const unitOf: Record<Measure, Unit> = { started: 'count', bot_share: 'share', handed_off: 'count', waited: 'time', unserved: 'count', first_response: 'time', resolved: 'time', rated: 'score', sla: 'share' }
/** Which conversations are behind a measure. */
export const behind: Record<Measure, ReportKind> = { started: 'started', bot_share: 'bot_solved', handed_off: 'handed_off', waited: 'waited', unserved: 'unserved', first_response: 'first_response', resolved: 'resolved', rated: 'rated', sla: 'sla_missed' }
/** For which of them more is better, less is better, or neither. */
export const better: Record<Measure, -1 | 0 | 1> = { started: 0, bot_share: 1, handed_off: 0, waited: -1, unserved: -1, first_response: -1, resolved: -1, rated: 1, sla: 1 }

function of(figures: ReportFigure[], kind: ReportKind): ReportFigure | undefined {
  return figures.find((one) => one.kind === kind)
}

/** The value of a measure; null where there is nothing to tell. */
export function valueOf(measure: Measure, figures: ReportFigure[]): number | null {
  switch (measure) {
    case 'bot_share': return ratio(of(figures, 'bot_solved')?.n ?? 0, of(figures, 'resolved')?.n ?? 0)
    case 'sla': return ratio(of(figures, 'sla_kept')?.n ?? 0, (of(figures, 'sla_kept')?.n ?? 0) + (of(figures, 'sla_missed')?.n ?? 0))
    case 'rated': { const f = of(figures, 'rated'); return f ? f.total / f.n : null }
    case 'waited': case 'first_response': case 'resolved': return of(figures, measure)?.median ?? null
    default: return of(figures, measure)?.n ?? 0
  }
}

function ratio(part: number, whole: number): number | null {
  return whole ? part / whole : null
}

/** How many things a measure is about. */
export function countOf(measure: Measure, figures: ReportFigure[]): number {
  if (measure === 'sla') return (of(figures, 'sla_kept')?.n ?? 0) + (of(figures, 'sla_missed')?.n ?? 0)
  if (measure === 'bot_share') return of(figures, 'resolved')?.n ?? 0
  return of(figures, measure)?.n ?? 0
}

export function p90Of(measure: Measure, figures: ReportFigure[]): number | null {
  return unitOf[measure] === 'time' ? of(figures, behind[measure])?.p90 ?? null : null
}

/** The share of answers that were 4 or 5. */
export function content(figures: ReportFigure[]): number | null {
  const scores = of(figures, 'rated')?.scores
  if (!scores) return null
  const all = scores.reduce((a, b) => a + b, 0)
  return all ? ((scores[3] ?? 0) + (scores[4] ?? 0)) / all : null
}

/** Change against the days before, as a share; null where nothing can be compared. */
export function change(measure: Measure, report: Report): number | null {
  const now = valueOf(measure, report.all)
  const before = valueOf(measure, report.before)
  if (now === null || before === null || before === 0) return null
  return unitOf[measure] === 'share' ? now - before : (now - before) / before
}

/** "45 s", "3 min", "2 h 5 min", "3 d 4 h": two parts at most. */
export function span(ms: number, words: { d: string; h: string; min: string; s: string }): string {
  const s = Math.round(ms / 1000)
  if (s < 60) return `${s} ${words.s}`
  const parts: [number, string][] = [[Math.floor(s / 86400), words.d], [Math.floor((s % 86400) / 3600), words.h], [Math.floor((s % 3600) / 60), words.min], [s % 60, words.s]]
  const first = parts.findIndex(([n]) => n > 0)
  return parts.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`).join(' ')
}

export function daysFrom(to: string, back: number): string {
  const at = new Date(`${to}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() - back)
  return at.toISOString().slice(0, 10)
}

/** Every day of a range, also those on which nothing happened. */
export function everyDay(report: Pick<Report, 'from' | 'to' | 'days'>): ReportGroup[] {
  const list: ReportGroup[] = []
  for (let day = report.from; day <= report.to && list.length < 400; day = daysFrom(day, -1)) {
    list.push(report.days.find((one) => one.day === day) ?? { day, figures: [] })
  }
  return list
}

/** Round values for the lines of an axis, from 0 to at least the greatest. */
export function ticks(greatest: number): number[] {
  if (greatest <= 0) return [0, 1]
  const rough = greatest / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power
  return Array.from({ length: Math.ceil(greatest / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)))
}
