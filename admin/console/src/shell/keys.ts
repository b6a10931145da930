import { onBeforeUnmount, onMounted } from 'vue'

/** The name of a key press: "ctrl+k", "?", "j"; empty while somebody types or a dialog is open. */
export function shortcutOf(event: KeyboardEvent): string {
  if (event.isComposing || event.defaultPrevented) return ''
  const key = event.key.toLowerCase()
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return key === 'k' ? 'ctrl+k' : ''
  if (event.altKey || isTyping(event.target)) return ''
  return key
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.closest('dialog, [role="menu"]') !== null
}

/** Listens to shortcuts while the component lives; `run` returns whether it used the key. */
export function onShortcut(run: (key: string, event: KeyboardEvent) => boolean): void {
  const listen = (event: KeyboardEvent) => {
    const key = shortcutOf(event)
    if (key && run(key, event)) event.preventDefault()
  }
  onMounted(() => document.addEventListener('keydown', listen))
  onBeforeUnmount(() => document.removeEventListener('keydown', listen))
}
