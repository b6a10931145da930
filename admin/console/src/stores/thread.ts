import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '../api/client'
import { ApiError } from '../api/problem'
import type { Conversation, Later, Message, MessageInput, StreamEvent } from '../api/types'
import { adopt, confirmed, gapAfter, merge, type Outgoing } from '../desk/messages'
import { explain } from '../ui/errors'
import { isOlder } from '../desk/list'
import { useInbox } from './inbox'
import { useLive } from './live'
import { useSession } from './session'

const pageSize = 50

/** The open conversation with its messages. */
export const useThread = defineStore('thread', () => {
  const inbox = useInbox()
  const session = useSession()
  const conversation = ref<Conversation | null>(null)
  const messages = shallowRef<Message[]>([])
  const pending = shallowRef<Outgoing[]>([])
  const state = ref<'none' | 'loading' | 'ready' | 'failed'>('none')
  const error = ref<unknown>(null)
  const hasOlder = ref(false)
  const loadingOlder = ref(false)
  /** Replies that are written and have not gone out. */
  const later = shallowRef<Later[]>([])
  /** A reply that was stopped because something newer had been said, with that. */
  const collision = shallowRef<{ input: MessageInput; newer: Message[] } | null>(null)
  /** The message to show; a new object each time it is asked for. */
  const focus = ref<{ seq: number; asked: number } | null>(null)
  let id = 0

  const mine = computed(() => conversation.value?.agent?.id === session.me?.id)
  const others = computed(() => (conversation.value?.agent && !mine.value ? conversation.value.agent : null))

  async function load(next: number): Promise<void> {
    id = next
    inbox.select(next)
    conversation.value = inbox.shown.find((row) => row.id === next) ?? null
    messages.value = []
    pending.value = []
    later.value = []
    collision.value = null
    focus.value = null
    state.value = 'loading'
    try {
      const [found, page] = await Promise.all([
        api.get('/conversations/{id}', { path: { id: next } }),
        api.get('/conversations/{id}/messages', { path: { id: next }, query: { limit: pageSize } }),
      ])
      if (id !== next) return
      conversation.value = found
      // Events that came while the page was under way are newer than it.
      messages.value = merge(page, messages.value)
      hasOlder.value = (page[0]?.seq ?? 1) > 1
      state.value = 'ready'
      void loadLater()
    } catch (cause) {
      if (id !== next) return
      error.value = cause
      state.value = 'failed'
    }
  }

  function leave(): void {
    id = 0
    inbox.select(0)
    conversation.value = null
    state.value = 'none'
  }

  async function older(): Promise<void> {
    const first = messages.value[0]?.seq ?? 1
    if (!hasOlder.value || loadingOlder.value) return
    const mineId = id
    loadingOlder.value = true
    try {
      const page = await api.get('/conversations/{id}/messages', { path: { id }, query: { before: first, limit: pageSize } })
      if (id !== mineId) return
      messages.value = merge(page, messages.value)
      hasOlder.value = (page[0]?.seq ?? 1) > 1
    } finally {
      loadingOlder.value = false
    }
  }

  /** Brings a message on screen: loads what is older until it is there, then asks the thread to show it. */
  async function reach(seq: number): Promise<void> {
    for (let tries = 0; tries < 40 && hasOlder.value && (messages.value[0]?.seq ?? 0) > seq; tries++) await older()
    focus.value = { seq, asked: (focus.value?.asked ?? 0) + 1 }
  }

  function take(fresh: readonly Message[]): void {
    const first = messages.value[0]?.seq ?? 0
    messages.value = merge(messages.value, fresh.filter((m) => m.seq >= first))
    pending.value = confirmed(pending.value, messages.value)
    if (gapAfter(messages.value)) void fillGap()
  }

  async function fillGap(): Promise<void> {
    const mineId = id
    const page = await api.get('/conversations/{id}/messages', { path: { id }, query: { after: gapAfter(messages.value), limit: 100 } })
    if (id === mineId && page.length) messages.value = merge(messages.value, page)
  }

  /** What only a single read tells, kept when the conversation comes without it. */
  function single(was: Conversation | null): Partial<Conversation> {
    return { queue_position: was?.queue_position, contact_online: was?.contact_online }
  }

  /** Takes the conversation as an action returned it, and shows it in the list too. */
  function update(next: Conversation): void {
    if (next.id === id && !isOlder(next, conversation.value)) conversation.value = { contact_online: conversation.value?.contact_online, ...next }
    inbox.take(next)
  }

  function onEvent(event: StreamEvent): void {
    if (event.conversation_id !== id || id === 0) return
    if (event.conversation) conversation.value = { ...event.conversation, ...single(conversation.value) }
    if (event.message) take([event.message])
    if (later.value.length || event.message?.activity?.startsWith('schedule')) void loadLater()
  }

  async function loadLater(): Promise<void> {
    const mineId = id
    const found = await api.get('/conversations/{id}/later', { path: { id: mineId } }).catch(() => later.value)
    if (id === mineId) later.value = found
  }

  /** Keeps a reply until a time, or for some seconds in which it can be taken back. */
  async function hold(input: MessageInput, when: { send_at?: string; undo_seconds?: number }): Promise<Later | null> {
    const target = id
    const clientId = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`
    const { text, attachments, article_id, actions, mail, last_seq } = withActions(input)
    try {
      const kept = await api.post('/conversations/{id}/later', { path: { id: target }, idempotencyKey: clientId, body: { text, attachments, article_id, actions, mail, last_seq, client_id: clientId, ...when } })
      if (id === target) later.value = [...later.value.filter((one) => one.id !== kept.id), kept]
      return kept
    } catch (cause) {
      if (id === target && stopped(cause, input)) return null
      throw cause
    }
  }

  /** Takes a reply back that has not gone out; what it said is returned. */
  async function withdraw(one: Later): Promise<Later> {
    const back = await api.delete('/conversations/{id}/later/{number}', { path: { id: one.conversation_id, number: one.id } })
    later.value = later.value.filter((other) => other.id !== one.id)
    return back
  }

  async function rearrange(one: Later, change: { send_at?: string; text?: string; now?: boolean }): Promise<void> {
    await api.patch('/conversations/{id}/later/{number}', { path: { id: one.conversation_id, number: one.id }, body: change })
    await loadLater()
  }

  /** Whether a call was refused because of something newer; then that is shown first. */
  function stopped(cause: unknown, input: MessageInput): boolean {
    if (!(cause instanceof ApiError) || cause.code !== 'newer_reply') return false
    const newer = cause.more.newer ?? []
    take(newer)
    collision.value = { input, newer }
    return true
  }

  async function send(input: MessageInput): Promise<void> {
    const clientId = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`
    await push({ clientId, input: { ...input, client_id: clientId }, at: new Date().toISOString(), failed: '' })
  }

  /** Sends (again) with the same key, so that a repeat after a lost answer adds nothing. */
  async function push(one: Outgoing): Promise<void> {
    const target = id
    pending.value = [...pending.value.filter((p) => p.clientId !== one.clientId), { ...one, failed: '' }]
    try {
      const message = await api.post('/conversations/{id}/messages', { path: { id: target }, body: one.input, idempotencyKey: one.clientId })
      if (id === target) take(adopt(messages.value, message))
    } catch (cause) {
      if (id === target && stopped(cause, one.input)) discard(one.clientId)
      if (id === target) pending.value = pending.value.map((p) => (p.clientId === one.clientId ? { ...p, failed: explain(cause) } : p))
    }
    if (id === target) pending.value = confirmed(pending.value, messages.value)
  }

  function discard(clientId: string): void {
    pending.value = pending.value.filter((p) => p.clientId !== clientId)
  }

  async function retry(seq: number): Promise<void> {
    const target = id
    const before = messages.value.find((m) => m.seq === seq)
    const message = await api.post('/conversations/{id}/messages/{seq}/retry', { path: { id, seq } })
    if (id === target) take(adopt(messages.value, message, before))
  }

  /** Marks everything as read, unless the conversation is a colleague's: a look must not clear their count. */
  async function markRead(): Promise<void> {
    const c = conversation.value
    if (!c || others.value || c.unread === 0) return
    const seq = messages.value[messages.value.length - 1]?.seq ?? 0
    if (seq <= c.agent_read_seq) return
    update({ ...c, unread: 0, agent_read_seq: seq })
    await api.post('/conversations/{id}/read', { path: { id: c.id }, body: { seq } }).catch(() => undefined)
  }

  useLive().listen({ hint: (hint) => { if (hint.kind === 'later' && hint.conversation_id === id && id) void loadLater() }, event: onEvent, reset: () => { if (id) void load(id) } })
  return { later, collision, hold, withdraw, rearrange, loadLater, conversation, messages, pending, state, error, hasOlder, loadingOlder, mine, others, load, leave, older, focus, reach, update, send, push, discard, retry, markRead }
})

/** "Send and resolve" as an action, which is how a reply for later says it. */
function withActions(input: MessageInput): MessageInput {
  return input.resolve ? { ...input, actions: [...(input.actions ?? []), { kind: 'resolve' }] } : input
}
