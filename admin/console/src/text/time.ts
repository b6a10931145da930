const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

type Words = (key: 'time.now' | 'time.minutes' | 'time.hours', values?: { n: number }) => string

/** "now", "5 min", "3 h" under a day; the date after that. */
export function relative(iso: string, now: number, locale: string, words: Words): string {
  const at = Date.parse(iso)
  const age = Math.max(0, now - at)
  if (age < minute) return words('time.now')
  if (age < hour) return words('time.minutes', { n: Math.floor(age / minute) })
  if (age < day) return words('time.hours', { n: Math.floor(age / hour) })
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale, sameYear ? { month: 'short', day: 'numeric' } : { year: 'numeric', month: 'short', day: 'numeric' }).format(at)
}

/** The same as a phrase of the past: "5 min ago", "on 20 Nov" without more words. */
export function ago(iso: string, now: number, locale: string, words: (key: 'time.now' | 'time.minutes' | 'time.hours' | 'time.ago', values?: { n?: number; time?: string }) => string): string {
  const time = relative(iso, now, locale, words)
  const age = now - Date.parse(iso)
  return age >= minute && age < day ? words('time.ago', { time }) : time
}

/** The whole date and time, for a tooltip. */
export function absolute(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(Date.parse(iso))
}

/** Day and time of something near, such as a reminder. */
export function moment(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false }).format(at)
}

export function clockTime(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false }).format(Date.parse(iso))
}

/** A running clock: 0:42, 12:07, 3:05:00, and days once it is that long. */
export function duration(ms: number, days: (n: number) => string): string {
  const total = Math.max(0, Math.floor(ms / second))
  if (total >= 86400) return days(Math.floor(total / 86400))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  return hours ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`
}

export type Urgency = 'fresh' | 'long' | 'late'

/** How a wait is coloured: long after 3 minutes, late after 10. */
export function urgency(ms: number): Urgency {
  if (ms >= 10 * minute) return 'late'
  return ms >= 3 * minute ? 'long' : 'fresh'
}

/** The local calendar day of a moment, to group messages by. */
export function dayOf(iso: string): string {
  const at = new Date(iso)
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`
}

/** Moments to snooze until, in the reader's own time zone. */
export function snoozeChoices(now: Date): { key: 'hour' | 'evening' | 'tomorrow' | 'monday'; at: Date }[] {
  const at = (days: number, hours: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours)
  const toMonday = ((8 - now.getDay()) % 7) || 7
  const choices: { key: 'hour' | 'evening' | 'tomorrow' | 'monday'; at: Date }[] = [{ key: 'hour', at: new Date(now.getTime() + hour) }]
  if (now.getHours() < 16) choices.push({ key: 'evening', at: at(0, 18) })
  choices.push({ key: 'tomorrow', at: at(1, 9) })
  if (toMonday > 1) choices.push({ key: 'monday', at: at(toMonday, 9) })
  return choices
}
