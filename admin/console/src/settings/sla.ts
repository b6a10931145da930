/** A list with one entry moved by some places. */
export function moved<T>(list: readonly T[], at: number, by: number): T[] {
  const next = [...list]
  const [one] = next.splice(at, 1)
  if (one !== undefined) next.splice(at + by, 0, one)
  return next
}

type Words = (key: 'time.minutes' | 'time.hours', values: { n: number }) => string

/** Minutes as people say them: "45 min", "8 h", "1 h 30 min". */
export function timeWords(minutes: number, words: Words): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return [hours ? words('time.hours', { n: hours }) : '', rest || !hours ? words('time.minutes', { n: rest }) : ''].filter((one) => one !== '').join(' ')
}
