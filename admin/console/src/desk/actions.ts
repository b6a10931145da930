import { ref } from 'vue'
import { api } from '../api/client'
import { ApiError } from '../api/problem'
import type { Action, Conversation, Priority } from '../api/types'
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

  async function snooze(until: Date | undefined, reason = ''): Promise<void> {
    const id = thread.conversation?.id
    const worked = await run('snooze', (path) => api.post('/conversations/{id}/snooze', { path, body: { until: until?.toISOString(), reason: reason || undefined } }))
    if (worked && id) toast(t('snooze.done'), { action: t('undo'), run: () => void attempt(() => one(id, { kind: 'wake' })) })
  }
  const wake = () => run('wake', ({ id }) => one(id, { kind: 'wake' }))

  /** Does one thing by the way that several are done; its refusal is an error like any other. */
  async function one(id: number, action: Action): Promise<Conversation> {
    const { results } = await api.post('/conversations/bulk', { body: { ids: [id], actions: [action] } })
    const row = results[0]
    if (!row?.conversation) throw new ApiError(409, row?.code ?? 'conflict', row?.detail ?? '')
    thread.update(row.conversation)
    return row.conversation
  }

  async function merge(into: number): Promise<boolean> {
    const id = thread.conversation?.id
    const worked = await run('merge', (path) => api.post('/conversations/{id}/merge', { path, body: { into } }))
    if (worked && id) toast(t('merge.done', { id: into }), { action: t('undo'), run: () => void attempt(async () => thread.update(await api.post('/conversations/{id}/unmerge', { path: { id } }))) })
    return worked
  }
  const unmerge = () => run('merge', (path) => api.post('/conversations/{id}/unmerge', { path }))

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
  return { busy, claim, release, reopen, resolve, snooze, wake, merge, unmerge, setPriority, setTags }
}
