/** The days of a week as its text writes them, Monday first. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** A span of a day that is being written; either end may still be empty. */
export interface Span { from: string; to: string }
export type Week = Span[][]

/** The week of the spans that the server tells, Monday first. */
export function weekOf(spans: string[][]): Week {
  return weekdays.map((_, day) => (spans[day] ?? []).map((span) => {
    const [from = '', to = ''] = span.split('-')
    return { from, to }
  }))
}

/** The text of a week: a line for each day that has spans. */
export function weekText(week: Week): string {
  return week.map((spans, day) => {
    const words = spans.filter((one) => one.from || one.to).map((one) => `${one.from.trim()}-${one.to.trim()}`)
    return words.length ? `${weekdays[day]} ${words.join(' ')}` : ''
  }).filter((line) => line !== '').join('\n')
}

/** What is offered as the next span of a day: the afternoon after a morning, else office hours. */
export function nextSpan(spans: Span[]): Span {
  return spans.length ? { from: '13:30', to: '18:00' } : { from: '08:30', to: '12:00' }
}

/** The months of a year as rows of days: 0 stands for a day of another month. */
export function monthsOf(year: number): number[][] {
  return Array.from({ length: 12 }, (_, month) => {
    const before = (new Date(year, month, 1).getDay() + 6) % 7
    const days = new Date(year, month + 1, 0).getDate()
    return [...Array<number>(before).fill(0), ...Array.from({ length: days }, (_day, at) => at + 1)]
  })
}

export function dateText(year: number, month: number, day: number): string {
  return `${year}-${String(month + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
