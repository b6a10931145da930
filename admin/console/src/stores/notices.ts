import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '../api/client'
import type { Notice, NoticeWishes } from '../api/types'
import { nameOf } from '../desk/person'
import { useLive } from './live'
import { useSession } from './session'

/** Where a notice leads: to its article or to its conversation. */
export function placeOf(one: Notice): { name: string; params: Record<string, string> } {
  if (one.kind === 'golden_broke') return { name: 'knowledge-golden', params: {} }
  if (one.article) return { name: 'knowledge', params: { id: String(one.article.id) } }
  return { name: 'inbox', params: { view: 'all', id: String(one.conversation?.id ?? '') } }
}

/** What a notice is about: the article's title or the customer's name. */
export function subjectOf(one: Notice): string {
  return one.article ? one.article.title : one.conversation ? nameOf(one.conversation.contact) : ''
}

/** How often the list is asked for without a hint: hints may be lost. */
const lookEvery = 60_000

/** What this agent was told of, and how they want to be told. */
export const useNotices = defineStore('notices', () => {
  const session = useSession()
  const items = ref<Notice[]>([])
  const unread = ref(0)
  const next = ref<string | undefined>()
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const problem = ref<unknown>(null)
  const wishes = ref<NoticeWishes | null>(null)
  /** Called for each notice that was not there before. */
  const arrivals = new Set<(notice: Notice) => void>()
  let known = -1
  let unlisten: (() => void) | undefined
  let timer: ReturnType<typeof setInterval> | undefined

  async function load(): Promise<void> {
    try {
      const page = await api.get('/notices')
      const fresh = known < 0 ? [] : page.items.filter((one) => one.id > known && !one.read)
      known = Math.max(0, known, ...page.items.map((one) => one.id))
      items.value = page.items
      unread.value = page.unread
      next.value = page.next
      state.value = 'ready'
      for (const one of fresh) arrivals.forEach((tell) => tell(one))
    } catch (cause) {
      problem.value = cause
      if (!items.value.length) state.value = 'failed'
    }
  }

  async function more(): Promise<void> {
    const page = await api.get('/notices', { query: { cursor: next.value } })
    items.value = [...items.value, ...page.items]
    next.value = page.next
  }

  async function read(): Promise<void> {
    const top = items.value[0]
    if (!top || !unread.value) return
    unread.value = 0
    await api.post('/notices/read', { body: { up_to: top.id } }).catch(() => undefined)
  }

  async function loadWishes(): Promise<void> {
    wishes.value = await api.get('/me/notices')
  }

  async function saveWishes(next: NoticeWishes): Promise<void> {
    wishes.value = await api.put('/me/notices', { body: next })
  }

  function start(): void {
    if (!session.can('listNotices') || unlisten) return
    unlisten = useLive().listen({ hint: (hint) => { if (hint.kind === 'notice') void load() }, reset: () => void load() })
    timer = setInterval(() => void load(), lookEvery)
    void load()
    void loadWishes().catch(() => undefined)
  }

  function stop(): void {
    unlisten?.()
    unlisten = undefined
    clearInterval(timer)
    known = -1
    items.value = []
    unread.value = 0
  }
  return { items, unread, next, state, problem, wishes, arrivals, load, more, read, loadWishes, saveWishes, start, stop }
})
