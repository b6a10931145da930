import { describe, expect, it } from 'vitest'
import { after, lastsFor, type Viewer } from './viewers'

const hint = (agent_id: number, presence?: string) => ({ kind: 'viewing' as const, conversation_id: 1, agent_id, name: `a${agent_id}`, presence })

describe('who looks', () => {
  it('comes, writes, goes and falls silent', () => {
    let seen = new Map<number, Viewer>()
    seen = after(seen, hint(1), 0)
    seen = after(seen, hint(2, 'typing'), 10)
    expect([...seen.values()]).toEqual([{ name: 'a1', typing: false, until: lastsFor }, { name: 'a2', typing: true, until: 10 + lastsFor }])
    seen = after(seen, hint(2), lastsFor - 1)
    expect(seen.get(2)?.typing).toBe(false)
    seen = after(seen, hint(3), lastsFor)
    expect([...seen.keys()]).toEqual([2, 3])
    expect([...after(seen, hint(2, 'gone'), lastsFor).keys()]).toEqual([3])
  })
})
