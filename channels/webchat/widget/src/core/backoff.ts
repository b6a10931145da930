const first = 1000
const longest = 30_000

/** How long to wait before try number tries + 1, in ms: doubling to half a minute, spread so that clients do not march in step. */
export function backoff(tries: number, random: number): number {
  const full = Math.min(longest, first * 2 ** Math.max(0, Math.min(tries, 16) - 1))
  return Math.round(full * (0.5 + random / 2))
}
