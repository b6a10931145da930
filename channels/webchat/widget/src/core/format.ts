import type { Words } from '../words/words'

/** A file's size for people. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const kilo = bytes / 1024
  if (kilo < 1000) return `${kilo < 10 ? kilo.toFixed(1) : Math.round(kilo)} KB`
  const mega = kilo / 1024
  return `${mega < 10 ? mega.toFixed(1) : Math.round(mega)} MB`
}

/** The time of day. */
export function formatTime(at: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** Date and time in full, to be shown on hover. */
export function formatFull(at: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' } as Intl.DateTimeFormatOptions).format(at)
}

/** The name of a day as seen from now. */
export function formatDay(at: number, now: number, tag: string, words: Words): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  if (days === 0) return words.today
  if (days === 1) return words.yesterday
  const far = new Date(at).getFullYear() !== new Date(now).getFullYear()
  return new Intl.DateTimeFormat(tag, { month: 'long', day: 'numeric', ...(far ? { year: 'numeric' } : { weekday: 'long' }) }).format(at)
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

/** The line about the place in the queue. */
export function queueLine(position: number, waitSeconds: number, words: Words): string {
  const place = position > 1 ? words.queueAhead(position - 1) : position === 1 ? words.queueNext : words.queueWaiting
  return waitSeconds > 0 ? `${place} · ${words.queueWait(Math.ceil(waitSeconds / 60))}` : place
}

/** A moment of the next days: the time alone today, the day with it otherwise. */
export function formatMoment(at: number, now: number, tag: string): string {
  const today = midnight(at) === midnight(now)
  const near = at - now < 6 * 86_400_000
  const day = today ? {} : near ? ({ weekday: 'short' } as const) : ({ month: 'short', day: 'numeric' } as const)
  return new Intl.DateTimeFormat(tag, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** Minutes and seconds. */
export function formatLength(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
