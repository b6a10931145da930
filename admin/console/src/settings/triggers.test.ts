import { describe, expect, it } from 'vitest'
import type { TriggerTrial } from '../api/types'
import { addTrial } from './triggers'

const example = (id: number, changed: boolean) => ({ conversation_id: id, seq: 1, at: '2026-11-20T09:00:00Z', text: 'x', then: 'answer', now: 'handoff', changed })
const part = (changed: boolean): TriggerTrial => ({
  looked_at: 500, next: 7, handed_then: 2, handed_now: 3, oldest_at: '2026-11-01T00:00:00Z',
  rules: [{ matched: 4, changed: 1, unknown: 1, examples: [1, 2, 3, 4].map((id) => example(id, changed)) }],
})

describe('a trial in parts', () => {
  it('adds up, and shows first what changes something', () => {
    const sum = addTrial(addTrial(null, part(false)), part(true))
    expect(sum).toMatchObject({ looked: 1000, then: 4, now: 6, oldest: '2026-11-01T00:00:00Z' })
    expect(sum.rules[0]).toMatchObject({ matched: 8, changed: 2, unknown: 2 })
    expect(sum.rules[0]?.examples.map((one) => one.changed)).toEqual([true, true, true, true, false])
  })
})
