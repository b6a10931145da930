import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import { api } from '../../api/client'
import type { ArticleVisit } from '../../api/types'

/** How often the server hears that the article is still open here; it forgets who was not heard of for 40 seconds. */
const every = 15_000

/** Who else has the article open, and whether they have saved it since. */
export function usePresence(id: () => number, writing: Ref<boolean>) {
  const visit = ref<ArticleVisit | null>(null)
  let timer: ReturnType<typeof setInterval> | undefined

  async function tell(): Promise<void> {
    if (!id() || document.visibilityState === 'hidden') return
    // Who cannot be reached now is asked again in a moment; the page works without.
    visit.value = await api.post('/articles/{id}/open', { path: { id: id() }, body: { writing: writing.value } }).catch(() => visit.value)
  }

  function gone(): void {
    if (id()) void api.post('/articles/{id}/open', { path: { id: id() }, body: { gone: true } }).catch(() => undefined)
  }
  onMounted(() => { void tell(); timer = setInterval(() => void tell(), every); document.addEventListener('visibilitychange', tell) })
  onBeforeUnmount(() => { clearInterval(timer); document.removeEventListener('visibilitychange', tell); gone() })
  return { visit, tell }
}
