import { computed, onScopeDispose, ref, watch } from 'vue'
import { api } from '../api/client'
import type { Hint } from '../live/transport'
import { useLive } from '../stores/live'
import { useSession } from '../stores/session'
import { useThread } from '../stores/thread'

const sayEvery = 10_000
export const lastsFor = 25_000

export interface Viewer { name: string; typing: boolean; until: number }

/** Who looks, after one more hint; who has gone or fallen silent is left out. */
export function after(known: ReadonlyMap<number, Viewer>, hint: Hint, now: number): Map<number, Viewer> {
  const next = new Map([...known].filter(([, one]) => one.until > now))
  if (!hint.agent_id) return next
  if (hint.presence === 'gone') next.delete(hint.agent_id)
  else next.set(hint.agent_id, { name: hint.name ?? '', typing: hint.presence === 'typing', until: now + lastsFor })
  return next
}

/** Colleagues who have the open conversation on their screen. We say the same of ourselves, and answer newcomers. */
export function useViewers() {
  const thread = useThread()
  const session = useSession()
  const seen = ref(new Map<number, Viewer>())
  let answering: ReturnType<typeof setTimeout> | undefined

  const id = computed(() => thread.conversation?.id ?? 0)
  const typing = () => document.activeElement instanceof HTMLTextAreaElement && document.activeElement.value.trim() !== ''

  function say(conversation = id.value, gone = false): void {
    if (!conversation || (document.hidden && !gone)) return
    void api.post('/conversations/{id}/viewing', { path: { id: conversation }, body: gone ? { gone } : { typing: typing() } }).catch(() => undefined)
  }

  const stop = useLive().listen({
    hint: (hint) => {
      if (hint.kind !== 'viewing' || hint.conversation_id !== id.value || hint.agent_id === session.me?.id) return
      const newcomer = hint.presence !== 'gone' && hint.agent_id !== undefined && !seen.value.has(hint.agent_id)
      seen.value = after(seen.value, hint, Date.now())
      if (newcomer && !answering) answering = setTimeout(() => { answering = undefined; say() }, Math.random() * 500)
    },
  })
  watch(id, (next, was) => { seen.value = new Map(); if (was) say(was, true); if (next) say(next) }, { immediate: true })
  const timer = setInterval(() => { say(); seen.value = new Map([...seen.value].filter(([, one]) => one.until > Date.now())) }, sayEvery)
  const hide = () => say(id.value, document.hidden)
  document.addEventListener('visibilitychange', hide)
  onScopeDispose(() => { stop(); clearInterval(timer); clearTimeout(answering); document.removeEventListener('visibilitychange', hide); say(id.value, true) })

  const names = (wanted: boolean) => computed(() => [...seen.value.values()].filter((one) => one.typing === wanted).map((one) => one.name))
  return { lookers: names(false), writers: names(true) }
}
