import type { Words } from './words'

/** How long something still lasts, in the two largest units. */
export function left(seconds: number, words: Words): string {
  const s = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(s / 3600)
  const minutes = Math.floor((s % 3600) / 60)
  if (hours > 0) return words.hoursLeft(hours, minutes)
  if (minutes > 0) return words.minutesLeft(minutes, s % 60)
  return words.secondsLeft(s)
}

/** The hour as a phone shows it. */
export function clock(at: Date): string {
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
}

/** Whether the app writes the time above a line: after five minutes of silence. */
export function pause(before: string | undefined, at: string): boolean {
  return before === undefined || Date.parse(at) - Date.parse(before) > 5 * 60_000
}
