import { ref } from 'vue'
import { explain } from './errors'

export interface Toast { id: number; text: string; kind: 'done' | 'bad'; action?: string; run?: () => void }

export const toasts = ref<Toast[]>([])
let last = 0

export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
  const id = ++last
  toasts.value = [...toasts.value.slice(-2), { id, text, kind: 'done', ...options }]
  setTimeout(() => dismiss(id), options.action || options.kind === 'bad' ? 8000 : 4000)
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id)
}

/** Runs an action and tells of its failure; true when it worked. */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    toast(explain(error), { kind: 'bad' })
    return false
  }
}
