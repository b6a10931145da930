import { ref } from 'vue'
import { api } from '../api/client'
import type { Conversation, Priority } from '../api/types'
import { t } from '../i18n'
import { useInbox } from '../stores/inbox'
import { useThread } from '../stores/thread'
import { attempt, toast } from '../ui/toasts'

/** What an agent does with the open conversation. Each result goes straight to thread and list; failures are told. */
export function useActions() {
  const thread = useThread()
  const inbox = useInbox()
  const busy = ref('')

  async function run(name: string, action: (path: { id: number }) => Promise<Conversation>): Promise<boolean> {
    const id = thread.conversation?.id
    if (!id || busy.value) return false
    busy.value = name
    const worked = await attempt(async () => thread.update(await action({ id })))
    busy.value = ''
    return worked
  }

  const claim = (takeOver: boolean) => run('claim', (path) => api.post('/conversations/{id}/claim', { path, body: { take_over: takeOver } }))
  const release = (to: 'queue' | 'bot') => run('release', (path) => api.post('/conversations/{id}/release', { path, body: { to } }))
  const reopen = () => run('reopen', (path) => api.post('/conversations/{id}/reopen', { path }))
  const setPriority = (priority: Priority) => run('priority', (path) => api.patch('/conversations/{id}', { path, body: { priority } }))
  const setTags = (tags: string[]) => run('tags', (path) => api.patch('/conversations/{id}', { path, body: { tags } }))

  async function snooze(until: Date): Promise<void> {
    await run('snooze', (path) => api.post('/conversations/{id}/snooze', { path, body: { until: until.toISOString() } }))
  }

  async function resolve(): Promise<void> {
    const id = thread.conversation?.id
    const worked = await run('resolve', (path) => api.post('/conversations/{id}/resolve', { path }))
    if (worked && id) toast(t('conv.resolved.toast'), { action: t('undo'), run: () => void undo(id) })
  }

  async function undo(id: number): Promise<void> {
    await attempt(async () => {
      const back = await api.post('/conversations/{id}/reopen', { path: { id } })
      thread.update(back)
      inbox.take(back)
    })
  }
  return { busy, claim, release, reopen, resolve, snooze, setPriority, setTags }
}
