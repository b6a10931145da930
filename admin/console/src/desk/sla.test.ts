import { describe, expect, it } from 'vitest'
import type { Clock } from '../api/types'
import { mainClock, matters, viewClock } from './sla'

const now = Date.parse('2026-11-23T09:00:00Z')
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
const clock = (change: Partial<Clock>): Clock => ({ kind: 'first_response', state: 'ok', target_seconds: 600, ...change })

describe('a clock', () => {
  it.each([
    ['has time', clock({ due_at: at(5), warn_at: at(3) }), 'ok', 300_000],
    ['warns at the very second', clock({ due_at: at(2), warn_at: at(0) }), 'warn', 120_000],
    ['is late at the very second, whatever the server said last', clock({ due_at: at(0), state: 'warn' }), 'breached', 0],
    ['stands still while paused', clock({ state: 'paused', left_seconds: 90, paused_for: 'customer' }), 'paused', 90_000],
    ['is late and paused', clock({ state: 'breached', left_seconds: -30, paused_for: 'snoozed' }), 'breached', -30_000],
    ['never falls due where nobody ever works', clock({}), 'ok', 600_000],
  ] as const)('%s', (_, given, state, left) => {
    expect(viewClock(given, now)).toMatchObject({ state, left })
  })
})

describe('of several clocks', () => {
  it('the late one comes first, then the one due first', () => {
    const late = clock({ kind: 'resolution', due_at: at(-1) })
    expect(mainClock({ sla: [clock({ due_at: at(5) }), late] }, now)?.kind).toBe('resolution')
    expect(mainClock({ sla: [clock({ due_at: at(9) }), clock({ kind: 'resolution', due_at: at(5) })] }, now)?.kind).toBe('resolution')
    expect(mainClock({ sla: [clock({ kind: 'resolution', state: 'paused', left_seconds: 1 }), clock({ due_at: at(5) })] }, now)?.kind).toBe('first_response')
    expect(mainClock({}, now)).toBeNull()
  })
  it('a row shows one only when it matters', () => {
    expect([clock({ due_at: at(5) }), clock({ due_at: at(-5) }), clock({ state: 'paused', left_seconds: 5 })].map((one) => matters(viewClock(one, now)))).toEqual([false, true, false])
    expect(matters(null)).toBe(false)
  })
})
