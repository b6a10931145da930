import type { Clock, Conversation } from '../api/types'

export type ClockState = Clock['state']

/** A clock as it stands at a moment: what is left of it, in milliseconds; below 0 once it is late. A paused one stands still. */
export interface ClockView {
  kind: Clock['kind']
  state: ClockState
  left: number
  due: string
  paused: Clock['paused_for'] | ''
}

/** The clock follows by itself between two looks at the server, so it turns colour at the very second. */
export function viewClock(clock: Clock, now: number): ClockView {
  if (!clock.due_at) {
    const left = (clock.left_seconds ?? clock.target_seconds) * 1000
    return { kind: clock.kind, state: clock.state === 'ok' && left < 0 ? 'breached' : clock.state, left, due: '', paused: clock.paused_for ?? '' }
  }
  const left = Date.parse(clock.due_at) - now
  const warns = clock.warn_at !== undefined && now >= Date.parse(clock.warn_at)
  return { kind: clock.kind, state: left <= 0 ? 'breached' : warns ? 'warn' : 'ok', left, due: clock.due_at, paused: '' }
}

const rank: Record<ClockState, number> = { breached: 0, warn: 1, ok: 2, paused: 3 }

/** The clock to show of several: a late one, one that warns, then whichever is due first. */
export function mainClock(conversation: Pick<Conversation, 'sla'>, now: number): ClockView | null {
  const all = (conversation.sla ?? []).map((one) => viewClock(one, now))
  all.sort((a, b) => rank[a.state] - rank[b.state] || a.left - b.left)
  return all[0] ?? null
}

/** Whether a clock matters in a list, where there is little room: it is late, or soon will be. */
export function matters(view: ClockView | null): boolean {
  return view?.state === 'warn' || view?.state === 'breached'
}
