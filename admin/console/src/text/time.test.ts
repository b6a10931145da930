import { describe, expect, it } from 'vitest'
import { absolute, ago, clockTime, dayOf, duration, relative, snoozeChoices, urgency } from './time'

const now = Date.parse('2026-11-21T12:00:00Z')
const before = (ms: number) => new Date(now - ms).toISOString()
const words = (key: string, values: { n?: number; time?: string } = {}) => `${key.replace('time.', '')}${values.n ?? ''}${values.time ? `(${values.time})` : ''}`

describe('relative', () => {
  it.each([[0, 'now'], [-5000, 'now'], [59_000, 'now'], [60_000, 'minutes1'], [3_599_000, 'minutes59'], [3_600_000, 'hours1'], [86_399_000, 'hours23']])('%i ms', (ms, want) => {
    expect(relative(before(ms), now, 'en-GB', words)).toBe(want)
  })

  it('is a date after a day, with the year when it is another', () => {
    expect(relative('2026-11-01T12:00:00Z', now, 'en-GB', words)).toBe('1 Nov')
    expect(relative('2025-11-01T12:00:00Z', now, 'en-GB', words)).toBe('1 Nov 2025')
    expect(relative('2026-11-01T12:00:00Z', now, 'zh-CN', words)).toBe('11月1日')
  })

  it('is said of the past where a sentence needs it', () => {
    expect([ago(before(0), now, 'en-GB', words), ago(before(300_000), now, 'en-GB', words), ago('2026-11-01T12:00:00Z', now, 'en-GB', words)]).toEqual(['now', 'ago(minutes5)', '1 Nov'])
  })
})

describe('duration', () => {
  it.each([[0, '0:00'], [-1, '0:00'], [42_000, '0:42'], [727_000, '12:07'], [11_100_000, '3:05:00'], [86_400_000, '1d'], [200_000_000, '2d']])('%i ms', (ms, want) => {
    expect(duration(ms, (n) => `${n}d`)).toBe(want)
  })
})

describe('urgency', () => {
  it.each([[0, 'fresh'], [179_999, 'fresh'], [180_000, 'long'], [599_999, 'long'], [600_000, 'late']])('%i ms', (ms, want) => {
    expect(urgency(ms)).toBe(want)
  })
})

describe('days', () => {
  it('are those of the reader', () => {
    const local = new Date(2026, 10, 21, 0, 5)
    expect(dayOf(local.toISOString())).toBe('2026-11-21')
    expect(clockTime(local.toISOString(), 'en-GB')).toBe('00:05')
    expect(absolute(local.toISOString(), 'en-GB')).toBe('21 Nov 2026, 00:05:00')
  })
})

describe('snoozeChoices', () => {
  it.each([
    ['a Tuesday morning', new Date(2026, 10, 17, 9, 30), ['hour', 'evening', 'tomorrow', 'monday'], 23],
    ['a Tuesday evening', new Date(2026, 10, 17, 19, 0), ['hour', 'tomorrow', 'monday'], 23],
    ['a Saturday', new Date(2026, 10, 21, 19, 0), ['hour', 'tomorrow', 'monday'], 23],
    ['a Sunday, when Monday is tomorrow', new Date(2026, 10, 22, 19, 0), ['hour', 'tomorrow'], 0],
    ['a Monday', new Date(2026, 10, 23, 10, 0), ['hour', 'evening', 'tomorrow', 'monday'], 30],
  ])('%s', (_name, at, keys, monday) => {
    const choices = snoozeChoices(at)
    expect(choices.map((one) => one.key)).toEqual(keys)
    expect(choices.every((one) => one.at > at)).toBe(true)
    expect(choices.find((one) => one.key === 'monday')?.at.getDate() ?? 0).toBe(monday)
  })
})
