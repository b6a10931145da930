import { onBeforeUnmount, ref, type Ref } from 'vue'
import { api } from '../api/client'
import { ApiError } from '../api/problem'
import type { Draft } from '../api/types'
import type { DraftKind } from './drafts'

const saveAfter = 1_200

/** Keeps a text on the server some moments after each change. A newer one from another device is offered, never written over. */
export function useKeeping(id: number, text: Ref<string>, articleId: Ref<number | undefined>, kind: Ref<DraftKind>) {
  const versions: Record<DraftKind, number> = { reply: 0, note: 0 }
  const saved: Record<DraftKind, string> = { reply: '', note: '' }
  const conflict = ref<Draft | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let under: Promise<void> = Promise.resolve()
  let loaded = false

  /** Reads what was begun elsewhere; it is taken where this browser has nothing of its own. */
  async function load(take: (draft: Draft) => void): Promise<void> {
    const found = await api.get('/conversations/{id}/drafts', { path: { id } }).catch(() => null)
    if (!found) return
    loaded = true
    for (const draft of found) {
      versions[draft.kind] = draft.version
      saved[draft.kind] = draft.text
      if (draft.text) take(draft)
    }
  }

  function changed(): void {
    clearTimeout(timer)
    timer = setTimeout(save, saveAfter)
  }

  function save(): void {
    clearTimeout(timer)
    const of = kind.value
    const words = text.value
    if (!loaded || conflict.value || words.trim() === saved[of].trim()) return
    under = under.then(async () => {
      try {
        const kept = await api.put('/conversations/{id}/drafts', { path: { id }, body: { kind: of, text: words.trim() ? words : '', article_id: articleId.value, version: versions[of] } })
        versions[of] = kept.version
        saved[of] = kept.text
      } catch (cause) {
        if (!(cause instanceof ApiError) || cause.code !== 'draft_changed' || !cause.more.draft) return // offline: the browser keeps it meanwhile
        versions[of] = cause.more.draft.version
        saved[of] = cause.more.draft.text
        if (cause.more.draft.text && cause.more.draft.text !== words) conflict.value = cause.more.draft
        else save()
      }
    })
  }

  /** Ends the question which of two texts to keep. */
  function settle(): void {
    conflict.value = null
    changed()
  }
  onBeforeUnmount(save)
  return { conflict, load, changed, save, settle }
}
