import { nextTick, onBeforeUnmount, onMounted, watch, type ShallowRef } from 'vue'

/** Keeps a text field as high as its words, also when the words or the width change. */
export function useGrow(field: Readonly<ShallowRef<HTMLTextAreaElement | null>>, text: () => string, least = 0): void {
  let width = 0
  let watcher: ResizeObserver | undefined

  function grow(): void {
    const el = field.value
    if (!el) return
    el.style.height = 'auto'
    el.style.height = `${Math.max(least, el.scrollHeight)}px`
    width = el.clientWidth
  }
  watch(text, () => void nextTick(grow))
  onMounted(() => {
    grow()
    watcher = new ResizeObserver(() => { if (field.value?.clientWidth !== width) grow() })
    if (field.value) watcher.observe(field.value)
  })
  onBeforeUnmount(() => watcher?.disconnect())
}
