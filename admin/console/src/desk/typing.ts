import { computed, onScopeDispose, ref } from 'vue'
import { api } from '../api/client'
import { t } from '../i18n'
import type { Hint } from '../live/transport'
import { useLive } from '../stores/live'
import { useSession } from '../stores/session'
import { useThread } from '../stores/thread'

const lastsFor = 6_000
const tellEvery = 3_000

/** Who is typing in the open conversation, as lines to show; each fades when no further hint comes. */
export function useTyping() {
  const thread = useThread()
  const session = useSession()
  const active = ref(new Map<string, { line: string; until: number }>())

  const stop = useLive().listen({
    hint: (hint) => { if (hint.kind === 'typing' && hint.conversation_id === thread.conversation?.id) show(hint) },
    event: (event) => { if (event.message && event.conversation_id === thread.conversation?.id) active.value = new Map([...active.value].filter(([who]) => who !== sender(event.message?.sender, event.message?.agent?.id))) },
  })

  function show(hint: Hint): void {
    const colleague = hint.from === 'agent'
    if (colleague && hint.agent_id === session.me?.id) return
    const line = colleague ? t('typing.agent', { name: hint.name ?? '' }) : t('typing.contact')
    active.value = new Map(active.value).set(sender(hint.from, hint.agent_id), { line, until: Date.now() + lastsFor })
  }

  const timer = setInterval(() => {
    const now = Date.now()
    if ([...active.value.values()].some((one) => one.until < now)) active.value = new Map([...active.value].filter(([, one]) => one.until >= now))
  }, 1000)
  onScopeDispose(() => { stop(); clearInterval(timer) })
  return computed(() => [...active.value.values()].map((one) => one.line))
}

function sender(kind: string | undefined, id: number | undefined): string {
  return kind === 'agent' ? `agent ${id ?? ''}` : 'contact'
}

/** Tells others that we type, every few seconds at most. */
export function useTellTyping(): (note: boolean) => void {
  const thread = useThread()
  let last = 0
  return (note) => {
    const id = thread.conversation?.id
    if (!id || Date.now() - last < tellEvery) return
    last = Date.now()
    void api.post('/conversations/{id}/typing', { path: { id }, body: { note } }).catch(() => undefined)
  }
}
