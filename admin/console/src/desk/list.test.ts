import { describe, expect, it } from 'vitest'
import type { Conversation, View } from '../api/types'
import { append } from '../knowledge/list'
import { before, belongs, change, flush, isFiltered, isOlder, noFilters, prune, toQuery, waitingSince, type Filters, type Rows } from './list'

const me = 7
const row = (id: number, more: Partial<Conversation> = {}): Conversation => ({
  id, inbox_id: 1, inbox_name: 'Web', channel: 'webchat', contact: { id, name: `c${id}` }, status: 'open', priority: 'normal', tags: [], last_seq: 1,
  last_message_at: `2026-11-21T10:00:${String(id).padStart(2, '0')}Z`, preview: '', last_sender: 'contact', unread: 0, agent_read_seq: 0, contact_read_seq: 0,
  created_at: '2026-11-21T09:00:00Z', updated_at: '2026-11-21T10:00:00Z', ...more,
})
const ids = (list: Conversation[]) => list.map((one) => one.id)
const filters = (more: Partial<Filters>): Filters => ({ ...noFilters, ...more })
const queued = (id: number, at: string, more: Partial<Conversation> = {}) => row(id, { queued_at: `2026-11-21T10:${at}Z`, ...more })

describe('belongs', () => {
  const own = { agent: { id: me, name: 'Me' } }
  const other = { agent: { id: 8, name: 'Ann' } }
  it.each<[string, View, Partial<Conversation>, Partial<Filters>, boolean]>([
    ['mine', 'mine', own, {}, true],
    ['not a colleague’s', 'mine', other, {}, false],
    ['not mine when snoozed', 'mine', { ...own, status: 'snoozed' }, {}, false],
    ['the queue', 'queue', { queued_at: '2026-11-21T10:00:00Z' }, {}, true],
    ['the queue has no owner', 'queue', { ...own, queued_at: '2026-11-21T10:00:00Z' }, {}, false],
    ['open without a place is not queued', 'queue', {}, {}, false],
    ['the bot’s', 'bot', { status: 'pending' }, {}, true],
    ['snoozed', 'snoozed', { status: 'snoozed' }, {}, true],
    ['resolved', 'resolved', { status: 'resolved' }, {}, true],
    ['all', 'all', { status: 'resolved' }, {}, true],
    ['the inbox fits', 'all', {}, { inboxes: [1] }, true],
    ['the inbox does not', 'all', {}, { inboxes: [2] }, false],
    ['the team does not', 'all', { team: { id: 1, name: 'A' } }, { teams: [2] }, false],
    ['the team fits', 'all', { team: { id: 2, name: 'B' } }, { teams: [2] }, true],
    ['the agent fits', 'all', other, { owners: [8] }, true],
    ['the agent does not', 'all', {}, { owners: [8] }, false],
    ['the tag fits', 'all', { tags: ['vip', 'x'] }, { tags: ['x'] }, true],
    ['the tag does not', 'all', { tags: ['vip'] }, { tags: ['x'] }, false],
    ['unread', 'all', { unread: 2 }, { unread: true }, true],
    ['read', 'all', {}, { unread: true }, false],
    ['a search is the server’s', 'all', {}, { q: 'c1' }, false],
  ])('%s', (_name, view, c, narrowed, want) => {
    expect(belongs(row(1, c), view, filters(narrowed), me)).toBe(want)
  })
})

describe('filters', () => {
  it.each([[{}, false], [{ q: '  ' }, false], [{ q: 'a' }, true], [{ unread: true }, true], [{ tags: ['x'] }, true], [{ tags: [] }, false], [{ inboxes: [1] }, true]])('%j', (narrowed, want) => {
    expect(isFiltered(filters(narrowed))).toBe(want)
  })

  it('become a query without what is empty', () => {
    expect(JSON.parse(JSON.stringify(toQuery('queue', filters({ tags: ['x'], teams: [], q: ' 李 ' }), 'waiting')))).toEqual({ view: 'queue', filter: '{"tags":["x"]}', sort: 'waiting', q: '李' })
  })
})

describe('before', () => {
  it('puts who waits longest first when asked, and then the others by their newest message', () => {
    const list = [row(1), row(2, { waiting_since: '2026-11-21T09:30:00Z' }), row(3, { waiting_since: '2026-11-21T09:10:00Z' }), row(4)]
    expect(ids(list.sort((a, b) => (before(a, b, 'waiting') ? -1 : 1)))).toEqual([3, 2, 4, 1])
  })

  it('puts what is urgent first while it goes on', () => {
    const list = [row(1, { priority: 'urgent', status: 'resolved' }), row(2, { priority: 'high' }), row(3, { priority: 'urgent' }), row(4, { priority: 'low' })]
    expect(ids(list.sort((a, b) => (before(a, b, 'priority') ? -1 : 1)))).toEqual([3, 2, 4, 1])
  })

  it('puts the newest message first, and the larger number on a tie', () => {
    expect(before(row(2), row(1), 'all')).toBe(true)
    expect(before(row(1), row(2, { last_message_at: row(1).last_message_at }), 'all')).toBe(false)
  })

  it('serves the queue by priority, then by waiting, then by number', () => {
    const list = [queued(1, '00:05'), queued(2, '00:01'), queued(3, '00:09', { priority: 'urgent' }), queued(4, '00:01'), queued(5, '00:00', { priority: 'low' })]
    expect(ids([...list].sort((a, b) => (before(a, b, 'queue') ? -1 : 1)))).toEqual([3, 2, 4, 1, 5])
  })
})

describe('change', () => {
  const rows = (more = false): Rows => ({ shown: [row(9), row(5), row(3)], waiting: [], more })
  const bring = (to: Rows, conversation: Conversation, options: { fits?: boolean; held?: boolean; keep?: number } = {}) =>
    change(to, { conversation, belongs: options.fits ?? true, held: options.held ?? false, view: 'all', keep: options.keep ?? 0 })

  it('puts a new conversation in its place', () => {
    expect(ids(bring(rows(), row(7)).shown)).toEqual([9, 7, 5, 3])
    expect(ids(bring(rows(), row(10)).shown)).toEqual([10, 9, 5, 3])
    expect(ids(bring(rows(), row(1)).shown)).toEqual([9, 5, 3, 1])
  })

  it('leaves to the next page what belongs there', () => {
    expect(ids(bring(rows(true), row(1)).shown)).toEqual([9, 5, 3])
  })

  it('moves a row that has a new message', () => {
    expect(ids(bring(rows(), row(3, { last_message_at: '2026-11-21T11:00:00Z' })).shown)).toEqual([3, 9, 5])
  })

  it('takes a row away that no longer belongs, but never the open one', () => {
    expect(ids(bring(rows(), row(5), { fits: false }).shown)).toEqual([9, 3])
    const kept = bring(rows(), row(5, { preview: 'new' }), { fits: false, keep: 5 })
    expect([ids(kept.shown), kept.shown[1]?.preview, kept.waiting.length]).toEqual([[9, 5, 3], 'new', 0])
  })

  it('ignores what neither is nor belongs on screen', () => {
    expect(ids(bring(rows(), row(7), { fits: false }).shown)).toEqual([9, 5, 3])
  })

  it('moves nothing while the list is held', () => {
    let next = bring(rows(), row(10), { held: true })
    next = bring(next, row(3, { last_message_at: '2026-11-21T11:00:00Z', preview: 'hello' }), { held: true })
    next = bring(next, row(5), { fits: false, held: true })
    expect(ids(next.shown)).toEqual([9, 5, 3])
    expect(next.shown[2]?.preview).toBe('hello')
    expect(ids(next.waiting)).toEqual([10, 3])
  })

  it('counts a conversation that changed twice once', () => {
    let next = bring(rows(), row(10), { held: true })
    next = bring(next, row(10, { preview: 'again' }), { held: true })
    expect(next.waiting.map((one) => one.preview)).toEqual(['again'])
  })

  it('forgets a waiting one that no longer belongs', () => {
    let next = bring(rows(), row(10), { held: true })
    next = bring(next, row(10), { held: true, fits: false })
    expect(next.waiting).toEqual([])
  })

  it('does not wait for a change that moves nothing', () => {
    expect(bring(rows(), row(5, { preview: 'x' }), { held: true }).waiting).toEqual([])
  })

  it('does not go back to an older state', () => {
    const newer = bring(rows(), row(5, { preview: 'new', updated_at: '2026-11-21T10:00:09Z' }))
    expect(bring(newer, row(5, { preview: 'old', updated_at: '2026-11-21T10:00:01Z' })).shown.find((one) => one.id === 5)?.preview).toBe('new')
  })
})

describe('flush, prune, append', () => {
  it('brings in what waited, in order, and drops what does not belong any more', () => {
    const rows: Rows = { shown: [row(9), row(5, { status: 'resolved' })], waiting: [row(7), row(12), row(8, { status: 'resolved' })], more: false }
    const next = flush(rows, 'all', (c) => c.status === 'open', 0)
    expect([ids(next.shown), next.waiting]).toEqual([[12, 9, 7], []])
  })

  it('keeps the open one', () => {
    const rows: Rows = { shown: [row(9), row(5, { status: 'resolved' })], waiting: [], more: false }
    expect(ids(prune(rows, (c) => c.status === 'open', 5).shown)).toEqual([9, 5])
    expect(ids(prune(rows, (c) => c.status === 'open', 0).shown)).toEqual([9])
  })

  it('joins pages without doubles', () => {
    expect(ids(append([row(9), row(5)], [row(5), row(3)]))).toEqual([9, 5, 3])
  })
})

describe('waiting and age', () => {
  it.each<[string, Partial<Conversation>, string | undefined]>([
    ['for an answer', { waiting_since: 'a', queued_at: 'b' }, 'a'],
    ['for a place', { queued_at: 'b' }, 'b'],
    ['not when resolved', { waiting_since: 'a', status: 'resolved' }, undefined],
    ['nobody', {}, undefined],
  ])('%s', (_name, c, want) => {
    expect(waitingSince(row(1, c))).toBe(want)
  })

  it('compares only the same conversation', () => {
    expect([isOlder(row(1, { updated_at: '1' }), row(1, { updated_at: '2' })), isOlder(row(1, { updated_at: '1' }), row(2, { updated_at: '2' })), isOlder(row(1), null), isOlder(row(1), row(1))]).toEqual([true, false, false, false])
  })
})
