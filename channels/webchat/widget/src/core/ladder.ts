/** Which way of listening to use: the best first, the next when one does not come up. */

export type Way = 'socket' | 'events' | 'poll'

export interface Ladder {
  way: Way
  /** Failures in a row since something last came through. */
  failures: number
  /** When we came down to a lesser way; from there we try the best again after a while. */
  since: number
  /** Sockets do work here, so that it takes more to give them up: a server that begins anew lets a few fail. */
  proven?: boolean
}

const below: Record<Way, Way> = { socket: 'events', events: 'poll', poll: 'poll' }
const enough = 2
const enoughProven = 4
const climbAfter = 5 * 60_000

/** Where to begin. */
export const top: Ladder = { way: 'socket', failures: 0, since: 0 }

/** The connection ended. Opened says whether anything had come through it. */
export function ended(l: Ladder, opened: boolean, now: number): Ladder {
  if (opened) return climb(l.way === 'socket' ? { ...l, failures: 1, proven: true } : { ...l, failures: 1 }, now)
  const failures = l.failures + 1
  if (failures < (l.way === 'socket' && l.proven ? enoughProven : enough) || l.way === 'poll') return climb({ ...l, failures }, now)
  return { way: below[l.way], failures: 0, since: now }
}

function climb(l: Ladder, now: number): Ladder {
  return l.way !== 'socket' && now - l.since >= climbAfter ? top : l
}
