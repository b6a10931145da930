import { useEffect, useRef, useState } from 'preact/hooks'
import { useTools, type Page } from '../ui/context'
import { useSay } from './say'
import type { View } from '../core/store'

interface Props {
  view: View
  /** Focus: whether it goes back to the button. */
  onClose(focus: boolean): void
}

/** The menu of what is needed now and then, used as menus are: arrows move, Escape and a press elsewhere close. */
export function Menu({ view, onClose }: Props) {
  const { show, bell } = useTools()
  const say = useSay()
  const box = useRef<HTMLDivElement>(null)
  const [on, setOn] = useState(bell.on)
  useEffect(() => {
    items(box.current)[0]?.focus()
    const root = box.current?.getRootNode()
    const elsewhere = (e: Event): void => {
      const path = e.composedPath()
      if (box.current && !path.includes(box.current) && !path.includes(box.current.parentElement as EventTarget)) onClose(false)
    }
    root?.addEventListener('pointerdown', elsewhere)
    document.addEventListener('pointerdown', elsewhere)
    return () => {
      root?.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('pointerdown', elsewhere)
    }
  }, [])
  const go = (page: Page): void => {
    onClose(true)
    show(page)
  }
  const { config } = view
  const talked = view.messages.length > 0
  return (
    <div class="menu" role="menu" aria-label={say('menu')} ref={box} onKeyDown={(e) => move(e, box.current, onClose)}>
      {(config?.replyTo.length ?? 0) > 0 && <Item label={say('leave')} onPress={() => go({ kind: 'leave' })} />}
      {view.known && <Item label={say('past')} onPress={() => go({ kind: 'past' })} />}
      {config?.transcript && talked && <Item label={say('transcript')} onPress={() => go({ kind: 'transcript' })} />}
      <Item
        label={say(on ? 'soundOff' : 'soundOn')}
        onPress={() => {
          bell.turn(!on)
          setOn(!on)
          onClose(true)
        }}
      />
    </div>
  )
}

function Item({ label, onPress }: { label: string; onPress(): void }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={onPress}>
      {label}
    </button>
  )
}

function items(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
}

function move(e: KeyboardEvent, box: HTMLElement | null, onClose: (focus: boolean) => void): void {
  const all = items(box)
  const at = all.indexOf((box?.getRootNode() as ShadowRoot).activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[e.key]
  if (to !== undefined) all[(to + all.length) % all.length]?.focus()
  else if (e.key === 'Escape') onClose(true)
  else if (e.key === 'Tab') return onClose(false)
  else return
  e.preventDefault()
  e.stopPropagation()
}
