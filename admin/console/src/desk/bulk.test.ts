import { describe, expect, it } from 'vitest'
import type { Action, Conversation } from '../api/types'
import { inverse, undoing } from './bulk'

const was = (id: number, more: Partial<Conversation> = {}) => ({ id, status: 'open', priority: 'normal', tags: ['a'], ...more }) as Conversation

describe('inverse', () => {
  it.each<[string, Action, Partial<Conversation>, Action | null]>([
    ['resolve', { kind: 'resolve' }, {}, { kind: 'reopen' }],
    ['resolve what was resolved', { kind: 'resolve' }, { status: 'resolved' }, null],
    ['snooze', { kind: 'snooze' }, {}, { kind: 'wake' }],
    ['a new tag', { kind: 'tag', tags: ['a', 'b'] }, {}, { kind: 'untag', tags: ['b'] }],
    ['a tag that was there', { kind: 'tag', tags: ['a'] }, {}, null],
    ['a tag taken away', { kind: 'untag', tags: ['a', 'b'] }, {}, { kind: 'tag', tags: ['a'] }],
    ['priority', { kind: 'priority', priority: 'high' }, {}, { kind: 'priority', priority: 'normal' }],
    ['the same priority', { kind: 'priority', priority: 'normal' }, {}, null],
    ['claim from the queue', { kind: 'claim' }, {}, { kind: 'release', to: 'queue' }],
    ['claim from the bot', { kind: 'claim' }, { status: 'pending' }, { kind: 'release', to: 'bot' }],
    ['transfer', { kind: 'transfer', agent_id: 9 }, { agent: { id: 7, name: 'x' }, team: { id: 2, name: 'y' } }, { kind: 'transfer', agent_id: 7, team_id: 2 }],
    ['read', { kind: 'read' }, {}, null],
  ])('%s', (_name, action, more, want) => expect(inverse(action, was(1, more))).toEqual(want))
})

describe('undoing', () => {
  it('groups those with the same way back and leaves out what was not done', () => {
    const before = [was(1), was(2, { priority: 'low' }), was(3), was(4)]
    const results = [1, 2, 3].map((id) => ({ id, ok: true })).concat({ id: 4, ok: false })
    expect(undoing({ kind: 'priority', priority: 'urgent' }, before, results)).toEqual([
      { ids: [1, 3], actions: [{ kind: 'priority', priority: 'normal' }] }, { ids: [2], actions: [{ kind: 'priority', priority: 'low' }] },
    ])
  })
})
