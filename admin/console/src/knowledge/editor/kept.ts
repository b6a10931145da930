import { ref, watch, type Ref } from 'vue'
import { api } from '../../api/client'
import type { Form } from '../form'
import type { Unsaved } from '../unsaved'

/** How long after the last key what was typed goes to the server. */
const pause = 1500

export type KeptState = '' | 'keeping' | 'kept' | 'local'

/** What is typed into an article, kept on the server: it outlives the browser and the computer, and is no revision. */
export function useKept(id: number, form: Ref<Form>, dirty: Ref<boolean>, version: () => number, may: () => boolean) {
  const state = ref<KeptState>('')
  const at = ref<string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let sent = ''
  let round = 0

  async function keep(): Promise<void> {
    const text = JSON.stringify(form.value)
    if (!dirty.value || text === sent) return
    const mine = ++round
    state.value = 'keeping'
    const kept = await api.put('/articles/typing/{article}', { path: { article: id }, body: { form: text, version: version() } }).catch(() => null)
    if (mine !== round) {
      if (kept && sent === '') void api.delete('/articles/typing/{article}', { path: { article: id } }).catch(() => undefined)
      return
    }
    state.value = kept ? 'kept' : 'local'
    if (kept) { sent = text; at.value = kept.at ?? null }
  }

  watch(form, () => {
    clearTimeout(timer)
    if (may()) timer = setTimeout(() => (dirty.value ? keep() : forget()), pause)
  }, { deep: true })

  /** What was typed and not saved, on any computer; null when there is nothing. */
  async function load(): Promise<Unsaved | null> {
    if (!may()) return null
    const kept = await api.get('/articles/typing/{article}', { path: { article: id } }).catch(() => null)
    if (!kept?.kept) return null
    sent = kept.form
    try {
      return { form: JSON.parse(kept.form) as Form, version: kept.version, at: Date.parse(kept.at ?? '') }
    } catch {
      return null
    }
  }

  /** Forgets it, because it is saved or given up. */
  function forget(): void {
    clearTimeout(timer)
    round++
    state.value = ''
    if (!sent) return
    sent = ''
    void api.delete('/articles/typing/{article}', { path: { article: id } }).catch(() => undefined)
  }

  return { state, at, load, forget, stop: () => clearTimeout(timer) }
}

/** Of two texts that were kept, the one that was typed last. */
export function newest(a: Unsaved | null, b: Unsaved | null): Unsaved | null {
  if (!a || !b) return a ?? b
  return b.at > a.at ? b : a
}
