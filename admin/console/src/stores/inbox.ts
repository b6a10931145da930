import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '../api/client'
import type { Action, BulkRow, Conversation, Sort, View } from '../api/types'
import { atOnce, undoing } from '../desk/bulk'
import { belongs, change, drop, flush, noFilters, orderOf, prune, toQuery, type Filters, type Rows } from '../desk/list'
import { append } from '../knowledge/list'
import { useLive } from './live'
import { useSession } from './session'

/** The list of conversations on screen: one view, narrowed by filters, kept fresh by events. */
export const useInbox = defineStore('inbox', () => {
  const session = useSession()
  const view = ref<View>('mine')
  /** The saved view on screen; 0: one of the standing ones. */
  const saved = ref(0)
  const filters = ref<Filters>({ ...noFilters })
  const sort = ref<Sort | ''>('')
  const selected = ref(new Set<number>())
  /** Why a conversation was left out of the last action on several. */
  const refused = ref(new Map<number, string>())
  const rows = shallowRef<Rows>({ shown: [], waiting: [], more: false })
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = ref<unknown>(null)
  const loadingMore = ref(false)
  /** True while the pointer is on the list or it is scrolled: then rows keep their places. */
  const held = ref(false)
  const open = ref(0)
  let cursor: string | undefined
  let request = 0

  const shown = computed(() => rows.value.shown)
  const waiting = computed(() => rows.value.waiting.length)
  const order = computed(() => orderOf(view.value, sort.value))
  /** How the view is called in addresses. */
  const place = computed(() => (saved.value ? `saved-${saved.value}` : view.value))

  async function load(): Promise<void> {
    const mine = ++request
    state.value = 'loading'
    selected.value = new Set()
    refused.value = new Map()
    try {
      const page = await api.get('/conversations', { query: { ...toQuery(view.value, filters.value, sort.value), limit: 50 } })
      if (mine !== request) return
      cursor = page.next
      rows.value = { shown: page.items, waiting: [], more: cursor !== undefined }
      state.value = 'ready'
    } catch (cause) {
      if (mine !== request) return
      error.value = cause
      state.value = 'failed'
    }
  }

  async function more(): Promise<void> {
    if (!cursor || loadingMore.value) return
    const mine = request
    loadingMore.value = true
    try {
      const page = await api.get('/conversations', { query: { ...toQuery(view.value, filters.value, sort.value), cursor, limit: 50 } })
      if (mine !== request) return
      cursor = page.next
      rows.value = { ...rows.value, shown: append(rows.value.shown, page.items), more: cursor !== undefined }
    } finally {
      loadingMore.value = false
    }
  }

  const fits = (c: Conversation) => belongs(c, view.value, filters.value, session.me?.id ?? 0)

  /** Brings a changed conversation into the list; used by events and by our own actions. */
  function take(conversation: Conversation): void {
    if (state.value !== 'ready') return
    rows.value = change(rows.value, {
      conversation, belongs: fits(conversation) || (filters.value.q !== '' && shown.value.some((row) => row.id === conversation.id)),
      held: held.value, view: order.value, keep: open.value,
    })
  }

  function release(): void {
    held.value = false
    if (filters.value.q === '') rows.value = flush(rows.value, order.value, fits, open.value)
  }

  /** Opens another conversation: the one before leaves the list if it no longer belongs there. */
  function select(id: number): void {
    open.value = id
    if (!held.value && filters.value.q === '') rows.value = prune(rows.value, fits, id)
  }

  function next(step: 1 | -1): Conversation | undefined {
    const at = shown.value.findIndex((row) => row.id === open.value)
    return at < 0 ? shown.value[step > 0 ? 0 : shown.value.length - 1] : shown.value[at + step]
  }

  function toggle(id: number, on = !selected.value.has(id)): void {
    const next = new Set(selected.value)
    if (on) next.add(id)
    else next.delete(id)
    selected.value = next
  }

  function selectAll(on: boolean): void {
    selected.value = new Set(on ? shown.value.slice(0, atOnce).map((row) => row.id) : [])
  }

  /** Does the same to the selected ones; tells what became of each, and how to take it back. */
  async function act(action: Action): Promise<{ results: BulkRow[]; undo: (() => Promise<void>) | null }> {
    const before = shown.value.filter((row) => selected.value.has(row.id))
    const results = await send(before.map((row) => row.id), [action])
    refused.value = new Map(results.filter((row) => !row.ok).map((row) => [row.id, row.detail ?? row.code ?? '']))
    selected.value = new Set(refused.value.keys())
    const back = undoing(action, before, results)
    return { results, undo: back.length ? async () => { for (const group of back) await send(group.ids, group.actions) } : null }
  }

  async function send(ids: number[], actions: Action[]): Promise<BulkRow[]> {
    const { results } = await api.post('/conversations/bulk', { body: { ids, actions }, idempotencyKey: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` })
    for (const row of results) if (row.conversation) take(row.conversation)
    return results
  }

  useLive().listen({
    event: (event) => {
      if (event.conversation) take(event.conversation)
      else if (event.kind === 'gone' && event.conversation_id) rows.value = drop(rows.value, event.conversation_id)
    },
    reset: () => void load(),
  })
  return { view, saved, place, filters, sort, selected, refused, shown, waiting, rows, state, error, loadingMore, held, open, load, more, take, release, select, next, toggle, selectAll, act }
})
