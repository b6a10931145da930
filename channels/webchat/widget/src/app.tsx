import { render } from 'preact'
import { adopt } from './loader/dom'
import { Api } from './core/api'
import { Chat } from './core/chat'
import { inkOn, parseColor, readableOn } from './core/color'
import { area, Storage } from './core/storage'
import { Panel } from './ui/panel'
import { titleHint } from './core/title'
import { offered, pickLanguage, tagOf, wordsOf } from './words/words'
import css from './ui/style.css?inline'
import type { App, Boot } from './contract'

/** Starts the app beside the launcher that the loader drew. */
export function start(boot: Boot): App {
  const language = pickLanguage(boot.lang, navigator.languages)
  const tag = tagOf(language)
  const chat = new Chat(
    new Api(boot.base, boot.inbox, tag),
    new Storage(boot.base, boot.inbox, area('localStorage')),
    tag,
    boot.emit,
  )
  const tab = new Storage(boot.base, boot.inbox, area('sessionStorage'))
  const draft = { load: () => tab.get('draft') ?? '', save: (text: string) => tab.set('draft', text || null) }
  const app = control(boot, chat, tab)

  adopt(boot.root, css)
  const place = document.createElement('div')
  boot.root.append(place)
  render(<Panel chat={chat} language={language} side={boot.side} draft={draft} onClose={() => app.close()} />, place)

  const showTitle = titleHint(document)
  let unread = 0
  const show = (): void => {
    const view = chat.view.get()
    const words = wordsOf(offered(language, view.config?.languages))
    paint(place, boot.color ?? view.config?.color)
    const label = view.open ? words.close : view.unread > 0 ? words.openUnread(view.unread) : words.open
    boot.launcher.show({ open: view.open, unread: view.open ? 0 : view.unread, label, ...launcherColors(boot.color ?? view.config?.color) })
    showTitle(view.unread)
    if (view.unread !== unread) boot.emit('unread', (unread = view.unread))
  }
  chat.view.follow(show)
  show()
  document.addEventListener('visibilitychange', () => chat.view.get().open && chat.seen())
  void chat.start(boot.identity)
  return app
}

function control(boot: Boot, chat: Chat, tab: Storage): App {
  const set = (open: boolean, quiet = false): void => {
    if (chat.view.get().open === open) return
    chat.setOpen(open, quiet)
    tab.set('open', open ? '1' : null)
    boot.emit(open ? 'open' : 'close')
    if (open) void chat.start()
    else boot.launcher.button.focus({ preventScroll: true })
  }
  return {
    open: () => set(true),
    restore: () => set(true, true),
    close: () => set(false),
    toggle: () => set(!chat.view.get().open),
    ask(text) {
      const question = String(text).trim()
      set(true)
      if (question) chat.send([...question].slice(0, 4000).join(''))
    },
    identify: (identity) => void chat.identify(identity),
    reset: () => {
      tab.set('draft', null)
      void chat.reset()
    },
  }
}

function launcherColors(color: string | undefined): { color?: string; ink?: string } {
  const parsed = color ? parseColor(color) : undefined
  return color && parsed ? { color, ink: inkOn(parsed) } : {}
}

/** Sets the accent, and the shades of it that can be read on the bubbles of the light and of the dark panel. */
function paint(place: HTMLElement, color: string | undefined): void {
  const parsed = color ? parseColor(color) : undefined
  if (!color || !parsed) return
  place.style.setProperty('--hy-accent', color)
  place.style.setProperty('--hy-ink', inkOn(parsed))
  place.style.setProperty('--hy-word-light', readableOn(parsed, [243, 244, 246]))
  place.style.setProperty('--hy-word-dark', readableOn(parsed, [42, 45, 51]))
}
