import type { Conversation, Criteria, Sort, View } from '../api/types'
import { meets, narrowed, tidy } from './criteria'

/** What the agent has narrowed the list to, with what is searched for. */
export interface Filters extends Criteria { q: string }

export const noFilters: Filters = { q: '' }

export function isFiltered(filters: Filters): boolean {
  return filters.q.trim() !== '' || narrowed(tidy(filters)) > 0
}

/** Since when somebody waits for a person: for an answer, or for a place in the queue to come up. */
export function waitingSince(c: Conversation): string | undefined {
  return c.status === 'open' ? c.waiting_since ?? c.queued_at : undefined
}

/** The filters as query of GET /conversations. */
export function toQuery(view: View, filters: Filters, sort: Sort | '' = '') {
  const criteria = tidy(filters)
  return { view, filter: narrowed(criteria) ? JSON.stringify(criteria) : undefined, sort: sort || undefined, q: filters.q.trim() || undefined }
}

/** Whether a changed conversation belongs to the list on screen. A search is the server's: nothing new joins it here. */
export function belongs(c: Conversation, view: View, filters: Filters, me: number, now = Date.now()): boolean {
  if (filters.q.trim() !== '') return false
  return inView(c, view, me) && meets(c, filters, me, now)
}

function inView(c: Conversation, view: View, me: number): boolean {
  switch (view) {
    case 'mine': return c.status === 'open' && c.agent?.id === me
    case 'queue': return c.status === 'open' && !c.agent && c.queued_at !== undefined
    case 'bot': return c.status === 'pending'
    case 'snoozed': return c.status === 'snoozed'
    case 'resolved': return c.status === 'resolved'
    case 'all': return true
  }
}

/** The rows on screen, and the changes that wait because the pointer is on the list. */
export interface Rows { shown: Conversation[]; waiting: Conversation[]; more: boolean }

const rank = { urgent: 0, high: 1, normal: 2, low: 3 }

/** What orders the list: the queue by its places, other views by the newest message unless another order was chosen. */
export type Order = View | Exclude<Sort, 'newest'>

export function orderOf(view: View, sort: Sort | ''): Order {
  return view === 'queue' || sort === '' || sort === 'newest' ? view : sort
}

/** The order of the list: by priority and then who waits longest in the queue, newest message first elsewhere. */
export function before(a: Conversation, b: Conversation, order: Order): boolean {
  if (order === 'queue') {
    if (a.priority !== b.priority) return rank[a.priority] < rank[b.priority]
    const x = a.queued_at ?? a.created_at
    const y = b.queued_at ?? b.created_at
    return x === y ? a.id < b.id : x < y
  }
  if (order === 'waiting') {
    const x = a.status === 'open' ? a.waiting_since : undefined
    const y = b.status === 'open' ? b.waiting_since : undefined
    if (x && y) return x === y ? a.id < b.id : x < y
    if (x || y) return x !== undefined
  }
  if (order === 'priority' && part(a) !== part(b)) return part(a) < part(b)
  return a.last_message_at === b.last_message_at ? a.id > b.id : a.last_message_at > b.last_message_at
}

/** Urgent and high come first while they go on. */
function part(c: Conversation): number {
  return c.status === 'resolved' ? 2 : Math.min(rank[c.priority], 2)
}

/** Whether what we hold is newer than what came: answers to our calls and events cross each other. */
export function isOlder(came: Conversation, held: Conversation | null | undefined): boolean {
  return held?.id === came.id && held.updated_at > came.updated_at
}

export interface Change { conversation: Conversation; belongs: boolean; held: boolean; view: Order; keep: number }

/**
 * Brings one changed conversation into the list. While the list is held, a row on screen changes its
 * content but not its place, and new rows wait; `keep` is the open conversation, which is never taken away.
 */
export function change(rows: Rows, { conversation: c, belongs: fits, held, view, keep }: Change): Rows {
  const at = rows.shown.findIndex((row) => row.id === c.id)
  if (isOlder(c, rows.shown[at])) return rows
  const waiting = rows.waiting.filter((row) => row.id !== c.id)
  if (held || (at >= 0 && !fits && c.id === keep)) {
    const shown = at >= 0 ? rows.shown.map((row) => (row.id === c.id ? c : row)) : rows.shown
    const moves = at < 0 ? fits : fits && wouldMove(rows.shown, at, c, view)
    return { ...rows, shown, waiting: held && moves ? [...waiting, c] : waiting }
  }
  const others = rows.shown.filter((row) => row.id !== c.id)
  return { ...rows, shown: fits ? insert(others, c, view, rows.more) : others, waiting }
}

function wouldMove(shown: Conversation[], at: number, c: Conversation, view: Order): boolean {
  const above = shown[at - 1]
  return above !== undefined && before(c, above, view)
}

function insert(rows: Conversation[], c: Conversation, view: Order, more: boolean): Conversation[] {
  const at = rows.findIndex((row) => before(c, row, view))
  if (at >= 0) return [...rows.slice(0, at), c, ...rows.slice(at)]
  // Past the last loaded row it belongs to a page that has not been loaded yet.
  return more ? rows : [...rows, c]
}

/** Takes a conversation away that the agent may no longer see: it went to another team. */
export function drop(rows: Rows, id: number): Rows {
  const others = (list: Conversation[]) => list.filter((row) => row.id !== id)
  return { ...rows, shown: others(rows.shown), waiting: others(rows.waiting) }
}

/** Takes away the rows that no longer belong, but for the open one. */
export function prune(rows: Rows, fits: (c: Conversation) => boolean, keep: number): Rows {
  return { ...rows, shown: rows.shown.filter((row) => row.id === keep || fits(row)) }
}

/** Brings in everything that waited. */
export function flush(rows: Rows, view: Order, fits: (c: Conversation) => boolean, keep: number): Rows {
  let next: Rows = { ...rows, waiting: [] }
  for (const c of rows.waiting) next = change(next, { conversation: c, belongs: fits(c), held: false, view, keep })
  return prune(next, fits, keep)
}

