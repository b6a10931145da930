import type { Agent, Shift } from '../api/types'

/** The Monday of a moment's week, at midnight where the reader is. */
export function mondayOf(at: Date): Date {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - ((at.getDay() + 6) % 7))
}

/** Some days later at the same time of the day, also over a change of the clocks. */
export function daysLater(at: Date, n: number): Date {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + n, at.getHours(), at.getMinutes())
}

/** The seven days of a week from its Monday. */
export function daysOf(monday: Date): Date[] {
  return [0, 1, 2, 3, 4, 5, 6].map((n) => daysLater(monday, n))
}

/** Which day of a week a shift stands under: the one on which it begins, or the first when it began before. -1: another week. */
export function dayOfShift(shift: Pick<Shift, 'starts_at' | 'ends_at'>, monday: Date): number {
  const start = new Date(shift.starts_at)
  if (new Date(shift.ends_at) <= monday || start >= daysLater(monday, 7)) return -1
  return Math.max(0, daysOf(monday).filter((day) => day <= start).length - 1)
}

/** When a shift is, such as 09:00–17:00, with a mark when it ends on a later day. */
export function spanOf(shift: Pick<Shift, 'starts_at' | 'ends_at'>): string {
  const clock = (at: Date) => `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
  const [start, end] = [new Date(shift.starts_at), new Date(shift.ends_at)]
  const midnight = daysLater(new Date(start.getFullYear(), start.getMonth(), start.getDate()), 1)
  if (end.getTime() === midnight.getTime()) return `${clock(start)}–24:00`
  return `${clock(start)}–${clock(end)}${end > midnight ? ' +1' : ''}`
}

/** Beginning and end of a shift on a day, by the clock: an end that is not later is on the next day. */
export function timesOn(day: Date, from: string, to: string): { starts_at: string; ends_at: string } {
  const at = (time: string, extra: number) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() + extra, hours, minutes)
  }
  return { starts_at: at(from, 0).toISOString(), ends_at: at(to, to <= from ? 1 : 0).toISOString() }
}

export interface Row { agent: { id: number; name: string }; days: Shift[][]; hours: number }

/** A line for each agent: oneself first, then by name; who has left the team but has a shift in it keeps a line. */
export function rowsOf(shifts: readonly Shift[], agents: readonly Agent[], monday: Date, options: { team: number; me: number }): Row[] {
  const rows = new Map<number, Row>()
  const add = (agent: { id: number; name: string }): Row => {
    const row = rows.get(agent.id) ?? { agent, days: [[], [], [], [], [], [], []], hours: 0 }
    rows.set(agent.id, row)
    return row
  }
  for (const one of agents) if (!options.team || one.team_ids.includes(options.team)) add(one)
  for (const shift of shifts) {
    const day = dayOfShift(shift, monday)
    const known = agents.some((one) => one.id === shift.agent.id)
    if (day < 0 || (known && !rows.has(shift.agent.id)) || (!known && options.team)) continue
    const row = add(shift.agent)
    row.days[day]?.push(shift)
    row.hours += (Date.parse(shift.ends_at) - Date.parse(shift.starts_at)) / 3_600_000
  }
  for (const row of rows.values()) for (const day of row.days) day.sort((a, b) => a.starts_at.localeCompare(b.starts_at))
  return [...rows.values()].sort((a, b) => Number(b.agent.id === options.me) - Number(a.agent.id === options.me) || a.agent.name.localeCompare(b.agent.name))
}

/** The shifts that colleagues ask somebody to take over, and that are not over. */
export function askedOf(shifts: readonly Shift[], me: number, now: number): Shift[] {
  return shifts.filter((one) => one.wanted_by?.id === me && Date.parse(one.ends_at) > now)
}
