import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Announcer } from './announcer'
import { Composer, type Draft } from './composer'
import { ToolsContext, useStore, useView, type Page, type Tools } from './context'
import { keep, useFocus, useStay } from './focus'
import { Header } from './header'
import { Over } from './over'
import { Intro } from './parts'
import { StatusLines } from './status'
import { Thread } from './thread'
import { usePhone, useViewport } from './viewport'
import { loadWords, offered, tagOf, wordsOf, type Language, type Words } from '../words/words'
import type { Look } from '../app'
import type { Bell } from '../core/bell'
import type { Chat } from '../core/chat'
import type { Store, View } from '../core/store'

interface Props {
  chat: Chat
  look: Store<Look>
  /** The chat is the page, not a panel over one. */
  page: boolean
  bell: Bell
  draft: Draft
  onClose(): void
}

/** The panel over the page. On a phone it fills the screen and keeps the focus; beside a page it does not. */
export function Panel({ chat, look, page, bell, draft, onClose }: Props) {
  const view = useView(chat)
  const { language, side, theme } = useStore(look)
  const spoken = offered(language, view.config?.languages)
  const words = useWords(spoken)
  const [over, show] = useState<Page>()
  const tools = useMemo(() => ({ chat, words, language: spoken, tag: tagOf(spoken), bell, show }), [chat, words, spoken])
  const full = usePhone() || page
  const panel = useRef<HTMLDivElement>(null)
  useViewport(panel, full && view.open)
  useStay(panel, view.open)
  useFocus(panel, view.open, view.quiet)
  useBack(page, over, show)
  const place = (side || view.config?.position) === 'left' ? 'left' : 'right'
  return (
    <ToolsContext.Provider value={tools}>
      <Announcer view={view} />
      {view.open && (
        <div
          ref={panel}
          class={`panel ${page ? 'page' : place} ${theme || view.config?.theme || 'auto'} ${over ? 'under' : ''}`}
          role={page ? 'main' : 'dialog'}
          aria-modal={page ? undefined : full}
          aria-labelledby="title"
          lang={tools.tag}
          dir="ltr"
          onKeyDown={(e) => keep(e, panel.current, full && !page, () => (over ? show(undefined) : page || onClose()))}
        >
          <Header view={view} onClose={page ? undefined : onClose} />
          <StatusLines view={view} />
          <Body view={view} tools={tools} draft={draft} />
          {over && <Over page={over} view={view} onBack={() => show(undefined)} />}
        </div>
      )}
    </ToolsContext.Provider>
  )
}

function Body({ view, tools, draft }: { view: View; tools: Tools; draft: Draft }) {
  const { chat, words } = tools
  const [skipped, setSkipped] = useState(false)
  const { config, phase } = view
  if (phase === 'failed' && view.messages.length === 0) return <Failed view={view} tools={tools} />
  const asks = config && config.preChat !== 'off' && !view.introduced && !view.known && !skipped && phase === 'ready' && view.messages.length === 0
  return (
    <>
      {asks ? <Intro config={config} onSkip={() => setSkipped(true)} /> : <Thread view={view} />}
      {view.notice && (
        <p class="line warn" role="alert">
          {view.notice === 'failed' ? words.somethingWrong : view.notice}
          <button type="button" class="text" onClick={() => chat.clearNotice()}>
            {words.dismiss}
          </button>
        </p>
      )}
      {!asks && <Composer view={view} draft={draft} />}
    </>
  )
}

/** Why there is no chat, and what may be done about it. */
function Failed({ view, tools: { chat, words } }: { view: View; tools: Tools }) {
  return (
    <div class="empty" role="alert">
      <p>{view.refused ? words.notHere : words.failed}</p>
      {view.refused ? <p class="why">{words.notHereWhy(location.origin)}</p> : view.failure && <p class="why">{view.failure}</p>}
      <button type="button" class="primary" onClick={() => void chat.start()}>
        {words.again}
      </button>
    </div>
  )
}

/** The words of a language, also when they must be fetched first. */
function useWords(language: Language): Words {
  const [, setLoaded] = useState('')
  useEffect(() => void loadWords(language).then((fresh) => fresh && setLoaded(language)), [language])
  return wordsOf(language)
}

/** In a page of its own the way back of the system leaves what lies over the conversation, not the chat. */
function useBack(page: boolean, over: Page | undefined, show: (page: Page | undefined) => void): void {
  const pushed = useRef(false)
  useEffect(() => {
    if (!page) return
    const back = (): void => {
      pushed.current = false
      show(undefined)
    }
    window.addEventListener('popstate', back)
    return () => window.removeEventListener('popstate', back)
  }, [page])
  useEffect(() => {
    if (!page || pushed.current === (over !== undefined)) return
    pushed.current = over !== undefined
    if (over) history.pushState(null, '')
    else history.back()
  }, [over])
}

