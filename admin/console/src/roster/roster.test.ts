import { describe, expect, it } from 'vitest'
import type { Agent, Shift } from '../api/types'
import { askedOf, dayOfShift, daysLater, mondayOf, rowsOf, spanOf, timesOn } from './roster'

const monday = new Date(2026, 10, 23)
const agent = (id: number, name: string, ...teams: number[]): Agent => ({ id, name, role: 'agent', presence: 'online', open: 0, team_ids: teams })
const shift = (id: number, who: number, start: Date, hours: number, wanted = 0): Shift => ({
  id, agent: { id: who, name: `a${who}` }, starts_at: start.toISOString(), ends_at: new Date(start.getTime() + hours * 3_600_000).toISOString(),
  ...(wanted ? { wanted_by: { id: wanted, name: `a${wanted}` } } : {}),
})

describe('a week of the roster', () => {
  it.each([[new Date(2026, 10, 23), 23], [new Date(2026, 10, 29, 23, 59), 23], [new Date(2026, 10, 22, 12), 16]])('of %s begins on a Monday', (at, day) => {
    expect(mondayOf(at).getDate()).toBe(day)
  })

  it.each([
    ['on Monday', new Date(2026, 10, 23, 9), 8, 0], ['on Sunday night', new Date(2026, 10, 29, 22), 8, 6], ['from the week before', new Date(2026, 10, 22, 22), 8, 0],
    ['before', new Date(2026, 10, 22, 9), 8, -1], ['after', new Date(2026, 10, 30, 0), 8, -1],
  ])('a shift %s', (_name, start, hours, day) => {
    expect(dayOfShift(shift(1, 1, start, hours), monday)).toBe(day)
  })

  it.each([[9, 8, '09:00–17:00'], [22, 8, '22:00–06:00 +1'], [16, 8, '16:00–24:00']])('writes a shift from %d for %d hours', (from, hours, want) => {
    expect(spanOf(shift(1, 1, daysLater(new Date(2026, 10, 23, from), 0), hours))).toBe(want)
  })

  it('takes an end that is not later as the next day', () => {
    expect(spanOf(timesOn(monday, '09:00', '17:30'))).toBe('09:00–17:30')
    expect(spanOf(timesOn(monday, '22:00', '06:00'))).toBe('22:00–06:00 +1')
    expect(spanOf(timesOn(monday, '00:00', '00:00'))).toBe('00:00–24:00')
  })

  it('has a line for each of the team, oneself first, with hours', () => {
    const people = [agent(1, 'Lin', 7), agent(2, 'Anna', 7), agent(3, 'Bo', 8)]
    const shifts = [shift(1, 1, new Date(2026, 10, 24, 13), 4), shift(2, 1, new Date(2026, 10, 24, 8), 4), shift(3, 3, new Date(2026, 10, 24, 8), 4), shift(4, 9, new Date(2026, 10, 24, 8), 4)]
    const rows = rowsOf(shifts, people, monday, { team: 7, me: 1 })
    expect(rows.map((one) => [one.agent.name, one.hours])).toEqual([['Lin', 8], ['Anna', 0]])
    expect(rows[0]?.days[1]?.map((one) => one.id)).toEqual([2, 1])
    expect(rowsOf(shifts, people, monday, { team: 0, me: 3 }).map((one) => one.agent.id)).toEqual([3, 9, 2, 1])
  })

  it('knows who asks whom, while it is not over', () => {
    const asked = [shift(1, 1, new Date(2026, 10, 24, 8), 4, 2), shift(2, 1, new Date(2026, 10, 20, 8), 4, 2), shift(3, 1, new Date(2026, 10, 24, 8), 4, 3)]
    expect(askedOf(asked, 2, monday.getTime()).map((one) => one.id)).toEqual([1])
  })
})
