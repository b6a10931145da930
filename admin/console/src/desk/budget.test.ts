import { describe, expect, it } from 'vitest'
import { budgetOf, mustWait, timeLeft } from './budget'

const now = Date.parse('2026-11-22T00:00:00Z')
const until = (ms: number) => new Date(now + ms).toISOString()
const hour = 3_600_000

describe('the send budget', () => {
  it.each([
    ['no limit', undefined, undefined],
    ['three of five', { left: 3, of: 5, unlimited: false, until: until(31 * hour) }, 'open'],
    ['the last one', { left: 1, of: 5, unlimited: false, until: until(hour) }, 'low'],
    ['none left', { left: 0, of: 5, unlimited: false, until: until(hour) }, 'spent'],
    ['nothing open', { left: 0, of: 0, unlimited: false }, 'shut'],
    ['lapsed while looking', { left: 3, of: 5, unlimited: false, until: until(-1) }, 'shut'],
    ['any number', { left: 0, of: 0, unlimited: true, until: until(hour) }, 'free'],
    ['any number, lapsed', { left: 0, of: 0, unlimited: true, until: until(-1) }, 'shut'],
  ])('%s', (_name, budget, kind) => {
    const view = budgetOf({ budget }, now)
    expect(view?.kind).toBe(kind)
    expect(mustWait(view)).toBe(kind === 'spent' || kind === 'shut')
  })

  it.each([[31 * hour + 5, 'time.hours 31'], [hour, 'time.hours 1'], [hour - 1, 'time.minutes 59'], [60_000, 'time.minutes 1'], [17_200, 'time.seconds 18'], [0, 'time.seconds 0']])('%d ms are %s', (ms, want) => {
    expect(timeLeft(ms, (key, { n }) => `${key} ${n}`)).toBe(want)
  })
})
