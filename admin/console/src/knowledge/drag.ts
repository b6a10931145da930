import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { Drop } from './tree'

/** Where something is dropped: on the line of this path, before it, into it or after it. */
export interface DropTarget { path: string; where: Drop }

/** How far a pointer travels before a press is a drag and no click. */
const threshold = 5
/** How near to the edge of the list it has to be for the list to scroll, and by how much each time. */
const edge = 28

/** The upper and the lower quarter of a line are before and after it, what is between is into it. */
export function dropAt(share: number): Drop {
  return share < .25 ? 'before' : share > .75 ? 'after' : 'into'
}

/**
 * Drags lines of a list, which carry data-path, onto each other with a mouse or a pen. It follows the pointer itself: browsers do not
 * all begin a drag of their own on a button. A finger scrolls the list and has the menu.
 */
export function useLineDrag(list: Readonly<Ref<HTMLElement | null>>, may: (path: string, to: DropTarget) => boolean, drop: (path: string, to: DropTarget) => void) {
  const dragged = shallowRef('')
  const target = shallowRef<DropTarget | null>(null)
  let pressed: { path: string; id: number; x: number; y: number; over?: boolean } | null = null

  function press(event: PointerEvent, path: string): void {
    if (event.button !== 0 || event.pointerType === 'touch') return
    pressed = { path, id: event.pointerId, x: event.clientX, y: event.clientY }
    addEventListener('pointermove', onMove)
    addEventListener('pointerup', onUp)
    addEventListener('pointercancel', end)
    addEventListener('keydown', onKey, true)
  }

  function onMove(event: PointerEvent): void {
    if (!pressed || pressed.over || event.pointerId !== pressed.id) return
    if (!dragged.value && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < threshold) return
    event.preventDefault()
    getSelection()?.removeAllRanges()
    dragged.value = pressed.path
    scroll(event.clientY)
    target.value = under(event, pressed.path)
  }

  /** The place below the pointer, if something may be dropped there. */
  function under(event: PointerEvent, path: string): DropTarget | null {
    const line = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-path]')
    if (!line?.dataset.path || !list.value?.contains(line)) return null
    const box = line.getBoundingClientRect()
    const to = { path: line.dataset.path, where: dropAt((event.clientY - box.top) / box.height) }
    return may(path, to) ? to : null
  }

  function scroll(y: number): void {
    const box = list.value?.getBoundingClientRect()
    if (!box) return
    if (y < box.top + edge) list.value?.scrollBy(0, -edge / 2)
    else if (y > box.bottom - edge) list.value?.scrollBy(0, edge / 2)
  }

  function onUp(event: PointerEvent): void {
    if (!pressed || event.pointerId !== pressed.id) return
    const { path, over } = pressed
    const to = dragged.value ? under(event, path) : null
    if (dragged.value || over) swallowClick()
    end()
    if (to) drop(path, to)
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !dragged.value || !pressed) return
    event.stopPropagation()
    event.preventDefault()
    pressed.over = true
    dragged.value = ''
    target.value = null
  }

  function end(): void {
    pressed = null
    dragged.value = ''
    target.value = null
    removeEventListener('pointermove', onMove)
    removeEventListener('pointerup', onUp)
    removeEventListener('pointercancel', end)
    removeEventListener('keydown', onKey, true)
  }

  onScopeDispose(end)
  return { dragged, target, press }
}

/** What ends a drag is no click on what lies below. */
function swallowClick(): void {
  const swallow = (event: Event): void => { event.stopPropagation(); event.preventDefault() }
  addEventListener('click', swallow, { capture: true, once: true })
  setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0)
}
