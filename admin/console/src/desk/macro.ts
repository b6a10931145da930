import { computed, ref, type Ref } from 'vue'
import { api } from '../api/client'
import type { Action, CannedReply, Conversation } from '../api/types'
import { locale, t } from '../i18n'
import { usePeople } from '../stores/people'
import { useSession } from '../stores/session'
import { useThread } from '../stores/thread'
import { attempt, toast } from '../ui/toasts'
import { fillVariables, missingVariables } from './compose'

/** Canned replies put into the reply box: their variables are filled, those without a value asked for, their actions kept for the send. */
export function useMacros(c: Ref<Conversation>, insert: (words: string) => Promise<void>) {
  const people = usePeople()
  const session = useSession()
  const thread = useThread()
  const actions = ref<Action[]>([])
  const asking = ref<CannedReply | null>(null)

  const values = computed<Record<string, string>>(() => {
    const customer = c.value.contact.name
    return {
      'customer.name': customer, 'contact.name': customer, 'agent.name': session.me?.name ?? '', 'conversation.number': String(c.value.id),
      'conversation.subject': c.value.subject ?? '', 'inbox.name': c.value.inbox_name, 'team.name': c.value.team?.name ?? '', tier: c.value.tier ?? '',
      place: c.value.queue_position ? String(c.value.queue_position) : '', date: new Intl.DateTimeFormat(locale.value, { dateStyle: 'long' }).format(Date.now()),
    }
  })
  const missing = computed(() => (asking.value ? missingVariables(asking.value.text, values.value) : []))

  async function use(one: CannedReply): Promise<void> {
    if (missingVariables(one.text, values.value).length) asking.value = one
    else await put(one, {})
  }

  async function put(one: CannedReply, more: Record<string, string>): Promise<void> {
    asking.value = null
    if (one.text) {
      actions.value = [...actions.value, ...one.actions].slice(0, 10)
      await insert(fillVariables(one.text, { ...values.value, ...more }))
    } else await run(one.actions)
    void api.post('/canned-replies/{id}/used', { path: { id: one.id } }).then(() => people.loadCanned()).catch(() => undefined)
  }

  /** A macro without text is done at once. */
  async function run(list: Action[]): Promise<void> {
    await insert('')
    await attempt(async () => {
      const { results } = await api.post('/conversations/bulk', { body: { ids: [c.value.id], actions: list } })
      const row = results[0]
      if (row?.conversation) thread.update(row.conversation)
      toast(row?.ok ? t('macro.run') : row?.detail ?? '', { kind: row?.ok ? 'done' : 'bad' })
    })
  }
  return { actions, asking, missing, values, use, put }
}
