const first = 1000
const longest = 30_000

/** How long to wait before try number tries + 1, in ms: doubling to half a minute, spread so that clients do not march in step. */
export function backoff(tries: number, random: number): number {
  const full = Math.min(longest, first * 2 ** Math.max(0, Math.min(tries, 16) - 1))
  return Math.round(full * (0.5 + random / 2))
}

const soonest = 500
const latest = 8000

/** How long to wait, in ms, before coming back to a server whose stream stood until now. Who talks comes back at once; all the others
 *  spread over some seconds, for when a server begins anew every visitor there is comes back. */
export function comeBack(talking: boolean, random: number): number {
  return talking ? backoff(1, random) : Math.round(soonest + (latest - soonest) * random)
}
