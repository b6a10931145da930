import { describe, expect, it } from 'vitest'
import type { BoardAgent } from '../api/types'
import { minutes, sortAgents } from './board'

const agent = (name: string, presence: BoardAgent['presence'], used: number, capacity = 10): BoardAgent =>
  ({ agent: { id: 1, name }, presence, used, capacity, conversations: used, offered: false, team_ids: [] })

describe('the board', () => {
  it('shows who is there first, the busiest before the others', () => {
    const list = [agent('off', 'offline', 9), agent('idle', 'online', 0), agent('away', 'away', 3), agent('busy', 'online', 8), agent('none', 'online', 0, 0)]
    expect(sortAgents(list).map((one) => one.agent.name)).toEqual(['busy', 'idle', 'none', 'away', 'off'])
  })
  it.each([[0, '0:00'], [42, '0:42'], [727, '12:07'], [11_100, '3:05:00']])('writes %d seconds', (seconds, want) => {
    expect(minutes(seconds)).toBe(want)
  })
})
