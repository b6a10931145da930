import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '../api/client'
import type { Counts, Presence, StreamEvent } from '../api/types'
import { Feed, type FeedState } from '../live/feed'
import { eventSource, webSocket, type Hint } from '../live/transport'
import { usePeople } from './people'
import { useSession } from './session'

type Listener = { event?: (event: StreamEvent) => void; hint?: (hint: Hint) => void; reset?: () => void }

/** The page's one connection to the event stream, and the counters that follow it. */
export const useLive = defineStore('live', () => {
  const session = useSession()
  const people = usePeople()
  const state = ref<FeedState>('connecting')
  const counts = ref<Counts | null>(null)
  const listeners = new Set<Listener>()
  let feed: Feed | null = null
  let counting: ReturnType<typeof setTimeout> | undefined

  function listen(listener: Listener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Starts following from now; lists loaded after this miss nothing. */
  async function start(): Promise<void> {
    if (feed || !session.can('streamEvents')) return
    const { last } = await api.get('/events')
    feed = new Feed(last, {
      transports: [webSocket, eventSource],
      page: (after) => api.get('/events', { query: after === undefined ? {} : { after } }),
      event: (event) => { listeners.forEach((one) => one.event?.(event)); countSoon() },
      hint: (hint) => { if (hint.kind === 'presence') presence(hint); listeners.forEach((one) => one.hint?.(hint)) },
      reset: () => { listeners.forEach((one) => one.reset?.()); countSoon() },
      state: (next) => { state.value = next },
      later: (run, ms) => { const timer = setTimeout(run, ms); return () => clearTimeout(timer) },
      chance: Math.random,
    })
    feed.start()
    addEventListener('online', renew)
    addEventListener('offline', away)
    document.addEventListener('visibilitychange', check)
    await count()
  }

  function presence(hint: Hint): void {
    const now = hint.presence as Presence
    people.agents = people.agents.map((one) => (one.id === hint.agent_id ? { ...one, presence: now } : one))
    if (session.me && session.me.id === hint.agent_id) session.me = { ...session.me, presence: now }
  }

  function stop(): void {
    feed?.stop()
    feed = null
    counts.value = null
    removeEventListener('online', renew)
    removeEventListener('offline', away)
    document.removeEventListener('visibilitychange', check)
  }

  const renew = (): void => feed?.renew()
  const away = (): void => feed?.away()

  function check(): void {
    if (!document.hidden) void feed?.check()
  }

  /** Many events in a row lead to one count. */
  function countSoon(): void {
    counting ??= setTimeout(() => { counting = undefined; void count() }, counts.value?.saved?.length ? 1200 : 400)
  }

  async function count(): Promise<void> {
    try {
      counts.value = await api.get('/conversations/counts')
    } catch {
      // The next event counts again; a stale number is better than an empty rail.
    }
  }
  return { state, counts, listen, start, stop, countSoon }
})
