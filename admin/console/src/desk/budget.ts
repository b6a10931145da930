import type { Conversation } from '../api/types'

const minute = 60_000
const hour = 60 * minute

/** How much a channel still allows to be sent: many, the last one, none, nothing at all until the customer writes, or any number. */
export type BudgetKind = 'open' | 'low' | 'spent' | 'shut' | 'free'

export interface BudgetView {
  kind: BudgetKind
  left: number
  of: number
  /** Time until what is left lapses, in milliseconds; 0 when nothing is open. */
  ms: number
}

/** What may still be sent in a conversation at a moment; null where the channel has no limit. */
export function budgetOf(conversation: Pick<Conversation, 'budget'>, now: number): BudgetView | null {
  const b = conversation.budget
  if (!b) return null
  const ms = b.until ? Math.max(0, Date.parse(b.until) - now) : 0
  const view = (kind: BudgetKind): BudgetView => ({ kind, left: b.left, of: b.of, ms })
  if (ms === 0) return view('shut')
  if (b.unlimited) return view('free')
  if (b.left <= 0) return view('spent')
  return view(b.left === 1 ? 'low' : 'open')
}

/** Whether a reply written now would have to wait for the customer's next message. */
export function mustWait(view: BudgetView | null): boolean {
  return view?.kind === 'spent' || view?.kind === 'shut'
}

type Words = (key: 'time.hours' | 'time.minutes' | 'time.seconds', values: { n: number }) => string

/** "31 h", "42 min" in the last hour, "17 s" in the last minute. */
export function timeLeft(ms: number, words: Words): string {
  if (ms >= hour) return words('time.hours', { n: Math.floor(ms / hour) })
  if (ms >= minute) return words('time.minutes', { n: Math.floor(ms / minute) })
  return words('time.seconds', { n: Math.ceil(ms / 1000) })
}
