import { useEffect, useRef } from 'preact/hooks'

type Place = { current: HTMLDivElement | null }

/** Opening puts the focus where one writes, or on the title where that would raise a keyboard unasked. */
export function useFocus(panel: Place, open: boolean, quiet: boolean): void {
  useEffect(() => {
    if (open && !quiet) home(panel.current)
  }, [open])
}

/** Puts the focus where one goes on: into the field, or on the title where that would raise a keyboard unasked. */
export function home(panel: HTMLElement | null): void {
  const touch = matchMedia('(pointer: coarse)').matches
  const first = touch ? null : panel?.querySelector<HTMLElement>('textarea, .intro input')
  ;(first ?? panel?.querySelector<HTMLElement>('h2'))?.focus({ preventScroll: true })
}

/** Buttons go away when they are pressed; who came to one by keyboard must not fall out of the panel. */
export function useStay(panel: Place, open: boolean): void {
  const at = useRef<HTMLElement | null>(null)
  useEffect(() => {
    const p = panel.current
    if (!p) return
    const came = (e: FocusEvent): void => {
      at.current = e.target as HTMLElement
    }
    const went = (): void => {
      const from = at.current
      queueMicrotask(() => {
        if (from?.isConnected && at.current === from) at.current = null
      })
    }
    p.addEventListener('focusin', came)
    p.addEventListener('focusout', went)
    return () => {
      p.removeEventListener('focusin', came)
      p.removeEventListener('focusout', went)
    }
  }, [open])
  useEffect(() => {
    if (!open || at.current === null || at.current.isConnected) return
    at.current = null
    home(panel.current)
  })
}

const stopsOf = 'button:not(:disabled), textarea, input, select, a[href], audio[controls], [tabindex="0"]'

/** Escape leaves, and Tab stays inside where the panel fills the screen. */
export function keep(e: KeyboardEvent, panel: HTMLElement | null, full: boolean, leave: () => void): void {
  if (e.key === 'Escape' && !e.isComposing && !e.defaultPrevented) {
    e.stopPropagation()
    leave()
  }
  if (e.key !== 'Tab' || !full || !panel) return
  const within = panel.querySelector<HTMLElement>('.over') ?? panel
  const stops = [...within.querySelectorAll<HTMLElement>(stopsOf)].filter((stop) => stop.tabIndex >= 0)
  const at = (panel.getRootNode() as ShadowRoot).activeElement
  const edge = e.shiftKey ? stops[0] : stops[stops.length - 1]
  if (at !== edge) return
  e.preventDefault()
  ;(e.shiftKey ? stops[stops.length - 1] : stops[0])?.focus()
}
