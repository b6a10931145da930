import type { Decided } from '../../api/types'
import { t, tryT } from '../../i18n'

/** The percentage of a share, whole. */
export function percent(share: number): number {
  return Math.round(share * 100)
}

/** What the bot did, in one line: the act, and the article it was about. */
export function inWords(decided: Decided): string {
  const act = tryT(`act.${decided.act}`, decided.act)
  if (decided.act === 'answer') return `${act}: ${decided.title ?? ''}${decided.revision ? ` v${decided.revision}` : ''} (${percent(decided.confidence)}%)`
  const offers = decided.offers
  if (decided.act === 'clarify') return `${act}: ${offers.map((one) => one.title).join(' / ')} (${percent(decided.confidence)}%)`
  const first = offers[0]
  return first ? `${act} · ${t('foresee.likely', { title: first.title, percent: percent(first.confidence) })}` : act
}

/** How a kind of difference, or an outcome, is coloured. */
export const toneOf: Record<string, string> = {
  broken: 'bad', lost: 'bad', worse: 'warn', different: 'warn', gained: 'good', mended: 'good', better: 'good', text: '',
  right: 'good', offered: 'warn', wrong: 'bad', unanswered: 'bad', '': '',
}
