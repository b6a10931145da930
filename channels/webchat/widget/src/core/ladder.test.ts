import { describe, expect, it } from 'vitest'
import { ended, top, type Ladder } from './ladder'

const fall = (l: Ladder, times: number, now = 0): Ladder => (times === 0 ? l : fall(ended(l, false, now), times - 1, now))

describe('ladder', () => {
  it.each([
    [0, 'socket'],
    [1, 'socket'],
    [2, 'events'],
    [3, 'events'],
    [4, 'poll'],
    [50, 'poll'],
  ] as const)('after %i ways that did not open it uses %s', (times, way) => expect(fall(top, times).way).toBe(way))

  it('stays with a way that worked', () => {
    expect(ended(fall(top, 1), true, 0)).toMatchObject({ way: 'socket', failures: 1, since: 0 })
    expect(ended(fall(top, 2, 100), true, 200).way).toBe('events')
  })
  it('lets a socket that worked fail more often, as while a server begins anew', () => {
    const stood = ended(top, true, 0)
    expect(fall(stood, 2).way).toBe('socket')
    expect(fall(stood, 3).way).toBe('events')
    expect(fall(stood, 5).way).toBe('poll')
  })
  it('tries the best again after a while', () => {
    const low = fall(top, 4, 1000)
    expect(ended(low, true, 2000).way).toBe('poll')
    expect(ended(low, true, 1000 + 5 * 60_000).way).toBe('socket')
  })
})
