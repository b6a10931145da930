import { computed, ref } from 'vue'
import { upload } from '../api/client'
import type { Attachment } from '../api/types'
import { t } from '../i18n'
import { explain } from '../ui/errors'
import { toast } from '../ui/toasts'

export interface Upload { id: number; name: string; size: number; share: number; done?: Attachment }

const limit = 20_000_000
const atMost = 10

/** Files on their way to the server for one reply. */
export function useUploads() {
  const files = ref<Upload[]>([])
  const busy = computed(() => files.value.some((one) => !one.done))
  const keys = computed(() => files.value.flatMap((one) => (one.done ? [one.done.key] : [])))
  let last = 0

  function add(list: Iterable<File>): void {
    for (const file of list) {
      if (file.size > limit) toast(t('reply.toolarge', { name: file.name }), { kind: 'bad' })
      else if (files.value.length < atMost) void send(file)
    }
  }

  async function send(file: File): Promise<void> {
    const id = ++last
    files.value.push({ id, name: file.name || 'image.png', size: file.size, share: 0 })
    const change = (part: Partial<Upload>) => { files.value = files.value.map((one) => (one.id === id ? { ...one, ...part } : one)) }
    try {
      change({ done: await upload<Attachment>('/attachments', file, {}, (share) => change({ share })), share: 1 })
    } catch (error) {
      remove(id)
      toast(`${file.name}: ${explain(error)}`, { kind: 'bad' })
    }
  }

  function remove(id: number): void {
    files.value = files.value.filter((one) => one.id !== id)
  }

  function clear(): void {
    files.value = []
  }
  return { files, busy, keys, add, remove, clear }
}
