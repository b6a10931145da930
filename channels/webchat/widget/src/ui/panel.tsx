import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Announcer } from './announcer'
import { Composer } from './composer'
import { ToolsContext, useView, type Tools } from './context'
import { Header } from './header'
import { Intro } from './intro'
import { StatusLines } from './status'
import { Thread } from './thread'
import { usePhone, useViewport } from './viewport'
import { offered, tagOf, wordsOf, type Language } from '../words/words'
import type { Chat } from '../core/chat'
import type { View } from '../core/store'

interface Props {
  chat: Chat
  /** The visitor's language, spoken when the inbox offers it. */
  language: Language
  side: 'left' | 'right'
  draft: { load(): string; save(text: string): void }
  onClose(): void
}

/** The panel over the page. On a phone it fills the screen and keeps the focus; beside a page it does not. */
export function Panel({ chat, language, side, draft, onClose }: Props) {
  const view = useView(chat)
  const spoken = offered(language, view.config?.languages)
  const tools = useMemo(() => ({ chat, words: wordsOf(spoken), tag: tagOf(spoken) }), [chat, spoken])
  const phone = usePhone()
  const panel = useRef<HTMLDivElement>(null)
  useViewport(panel, phone && view.open)
  useFocus(panel, view.open, view.quiet)
  useStay(panel, view.open)
  return (
    <ToolsContext.Provider value={tools}>
      <Announcer view={view} />
      {view.open && (
        <div
          ref={panel}
          class={`panel ${side} ${view.config?.theme ?? 'auto'}`}
          role="dialog"
          aria-modal={phone}
          aria-labelledby="title"
          lang={tools.tag}
          onKeyDown={(e) => keep(e, panel.current, phone, onClose)}
        >
          <Header view={view} onClose={onClose} />
          <StatusLines view={view} />
          <Body view={view} tools={tools} draft={draft} />
        </div>
      )}
    </ToolsContext.Provider>
  )
}

function Body({ view, tools, draft }: { view: View; tools: Tools; draft: Props['draft'] }) {
  const { chat, words } = tools
  const [skipped, setSkipped] = useState(false)
  const { config, phase } = view
  if (phase === 'failed' && view.messages.length === 0) {
    return (
      <div class="empty" role="alert">
        <p>{words.failed}</p>
        {view.failure && <p class="why">{view.failure}</p>}
        <button type="button" class="primary" onClick={() => void chat.start()}>
          {words.again}
        </button>
      </div>
    )
  }
  const asks = config && config.preChat !== 'off' && !view.introduced && !skipped && phase === 'ready' && view.messages.length === 0
  if (asks) return <Intro config={config} onSkip={() => setSkipped(true)} />
  return (
    <>
      <Thread view={view} />
      {view.notice && (
        <p class="line warn" role="alert">
          {view.notice === 'failed' ? words.somethingWrong : view.notice}
          <button type="button" class="text" onClick={() => chat.clearNotice()}>
            {words.dismiss}
          </button>
        </p>
      )}
      <Composer view={view} draft={draft} />
    </>
  )
}

/** Opening puts the focus where one writes, or on the title where that would raise a keyboard unasked. */
function useFocus(panel: { current: HTMLDivElement | null }, open: boolean, quiet: boolean): void {
  useEffect(() => {
    if (open && !quiet) home(panel.current)
  }, [open])
}

function home(panel: HTMLElement | null): void {
  const touch = matchMedia('(pointer: coarse)').matches
  const first = touch ? null : panel?.querySelector<HTMLElement>('textarea, .intro input')
  ;(first ?? panel?.querySelector<HTMLElement>('h2'))?.focus({ preventScroll: true })
}

/** Buttons go away when they are pressed; who came to one by keyboard must not fall out of the panel. */
function useStay(panel: { current: HTMLElement | null }, open: boolean): void {
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

function keep(e: KeyboardEvent, panel: HTMLElement | null, phone: boolean, onClose: () => void): void {
  if (e.key === 'Escape' && !e.isComposing) {
    e.stopPropagation()
    onClose()
  }
  if (e.key !== 'Tab' || !phone || !panel) return
  const stops = [...panel.querySelectorAll<HTMLElement>('button:not(:disabled), textarea, input, a[href], [tabindex="0"]')]
  const at = (panel.getRootNode() as ShadowRoot).activeElement
  const edge = e.shiftKey ? stops[0] : stops[stops.length - 1]
  if (at !== edge) return
  e.preventDefault()
  ;(e.shiftKey ? stops[stops.length - 1] : stops[0])?.focus()
}
