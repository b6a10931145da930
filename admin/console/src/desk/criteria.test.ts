import { describe, expect, it } from 'vitest'
import type { Clock, Conversation, Criteria } from '../api/types'
import { looker, meets, narrowed, same, tidy } from './criteria'

const now = Date.parse('2026-11-21T12:00:00Z')
const c = (more: Partial<Conversation> = {}): Conversation => ({
  id: 1, inbox_id: 1, inbox_name: 'Web', channel: 'webchat', contact: { id: 1, name: 'c' }, status: 'open', priority: 'normal', tags: ['vip'], last_seq: 1,
  last_message_at: '2026-11-21T11:00:00Z', preview: '', last_sender: 'contact', unread: 0, agent_read_seq: 0, contact_read_seq: 0, language: 'en',
  created_at: '2026-11-21T09:00:00Z', updated_at: '2026-11-21T10:00:00Z', waiting_since: '2026-11-21T11:50:00Z', ...more,
})
const clock = (warn: string, due: string): Clock => ({ kind: 'first_response', state: 'ok', target_seconds: 600, warn_at: `2026-11-21T${warn}:00Z`, due_at: `2026-11-21T${due}:00Z` })

describe('meets', () => {
  it.each<[string, Criteria, Partial<Conversation>, boolean]>([
    ['nothing asked', {}, {}, true],
    ['a status', { status: ['open', 'snoozed'] }, {}, true],
    ['another status', { status: ['resolved'] }, {}, false],
    ['an inbox', { inboxes: [1] }, {}, true],
    ['another inbox', { inboxes: [2] }, {}, false],
    ['a channel', { channels: ['email'] }, {}, false],
    ['no team', { teams: [0] }, {}, true],
    ['a team', { teams: [3] }, { team: { id: 3, name: 'A' } }, true],
    ['nobody’s', { owners: [0] }, {}, true],
    ['mine', { owners: [looker] }, { agent: { id: 7, name: 'Me' } }, true],
    ['not mine', { owners: [looker] }, { agent: { id: 8, name: 'Ann' } }, false],
    ['one of the tags', { tags: ['x', 'vip'] }, {}, true],
    ['none of the tags', { tags: ['x'] }, {}, false],
    ['without a tag', { without_tags: ['vip'] }, {}, false],
    ['a priority', { priorities: ['urgent'] }, { priority: 'urgent' }, true],
    ['a tier', { tiers: ['gold'] }, { tier: 'gold' }, true],
    ['no tier', { tiers: ['gold'] }, {}, false],
    ['a language', { languages: ['zh'] }, {}, false],
    ['unread', { unread: true }, {}, false],
    ['waits long enough', { waiting_minutes: 10 }, {}, true],
    ['not long enough', { waiting_minutes: 11 }, {}, false],
    ['does not wait', { waiting_minutes: 1 }, { waiting_since: undefined }, false],
    ['at risk', { sla: ['at_risk'] }, { sla: [clock('11:55', '12:05')] }, true],
    ['late, which is not at risk', { sla: ['at_risk'] }, { sla: [clock('11:30', '11:55')] }, false],
    ['late', { sla: ['at_risk', 'breached'] }, { sla: [clock('11:30', '11:55')] }, true],
    ['paused', { sla: ['at_risk', 'breached'] }, { sla: [{ kind: 'resolution', state: 'paused', left_seconds: -5, target_seconds: 60 }] }, false],
    ['in time', { sla: ['at_risk', 'breached'] }, { sla: [clock('12:30', '12:40')] }, false],
    ['begun today', { created_days: 1 }, {}, true],
    ['begun long ago', { created_days: 1 }, { created_at: '2026-11-01T09:00:00Z' }, false],
    ['begun after', { created_after: '2026-11-21T09:00:01Z' }, {}, false],
    ['begun before', { created_before: '2026-11-21T09:00:01Z' }, {}, true],
  ])('%s', (_name, criteria, more, want) => {
    expect(meets(c(more), criteria, 7, now)).toBe(want)
  })
})

describe('criteria', () => {
  it('are the same however they are written', () => {
    expect(same({ tags: ['a'], unread: false, status: [] }, { tags: ['a'] })).toBe(true)
    expect(same({ tags: ['a'] }, { tags: ['b'] })).toBe(false)
    expect(tidy({ unread: true, q: 'x' } as Criteria)).toEqual({ unread: true })
    expect(narrowed({ tags: ['a'], unread: true, waiting_minutes: 0 })).toBe(2)
  })
})
