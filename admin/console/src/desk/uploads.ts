import { computed, ref } from 'vue'
import { upload } from '../api/client'
import type { Attachment } from '../api/types'
import { t } from '../i18n'
import { explain } from '../ui/errors'
import { toast } from '../ui/toasts'

export interface Upload { id: number; name: string; size: number; share: number; done?: Attachment; failed?: string; file?: File }

const limit = 20_000_000
const atMost = 10

/** Files on their way to the server for one reply. */
export function useUploads() {
  const files = ref<Upload[]>([])
  const busy = computed(() => files.value.some((one) => !one.done && !one.failed))
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
    files.value.push({ id, name: file.name || 'image.png', size: file.size, share: 0, file })
    await go(id, file)
  }

  async function go(id: number, file: File): Promise<void> {
    const change = (part: Partial<Upload>) => { files.value = files.value.map((one) => (one.id === id ? { ...one, ...part } : one)) }
    try {
      change({ done: await upload<Attachment>('/attachments', file, {}, (share) => change({ share })), share: 1 })
    } catch (error) {
      change({ failed: explain(error), share: 0 })
    }
  }

  /** Tries one that did not arrive once more. */
  function again(id: number): void {
    const one = files.value.find((other) => other.id === id)
    if (!one?.file) return
    files.value = files.value.map((other) => (other.id === id ? { ...other, failed: undefined } : other))
    void go(id, one.file)
  }

  /** Takes files along that are on the server already. */
  function restore(list: readonly Attachment[]): void {
    for (const done of list) files.value.push({ id: ++last, name: done.name, size: done.size, share: 1, done })
  }

  function remove(id: number): void {
    files.value = files.value.filter((one) => one.id !== id)
  }

  function clear(): void {
    files.value = []
  }
  return { files, busy, keys, add, again, remove, clear, restore }
}
