import { render } from 'preact'
import { adopt } from './loader/dom'
import { Api } from './core/api'
import { Chat } from './core/chat'
import { inkOn, parseColor, readableOn } from './core/color'
import { area, Storage } from './core/storage'
import { Store } from './core/store'
import { titleHint } from './core/title'
import { Bell } from './core/bell'
import { Panel } from './ui/panel'
import { loadWords, offered, pickLanguage, tagOf, wordsOf, type Language } from './words/words'
import css from './ui/style.css?inline'
import type { App, Boot, Identity, Settings } from './contract'

/** How the chat looks on its page; the site may change it. */
export interface Look {
  language: Language
  /** 'left' or 'right'; '' leaves it to the inbox. */
  side: string
  theme: string | undefined
  color: string | undefined
  text: string | undefined
}

/** Starts the app beside the launcher that the loader drew. */
export async function start(boot: Boot): Promise<App> {
  const { base, inbox, lang, theme, color, ask, launcher, position } = boot.options
  const language = pickLanguage(lang, navigator.languages)
  await loadWords(language)
  const kept = (name: 'localStorage' | 'sessionStorage') => new Storage(base, inbox, boot.keeps === 'yes' ? area(name) : undefined)
  const [local, tab] = [kept('localStorage'), kept('sessionStorage')]
  const named = boot.mode === 'page' ? addressed(local) : undefined
  const began = (): void => {
    // Who writes wants the conversation to be there on the next page.
    if (boot.keeps !== 'ask') return
    boot.keeps = 'yes'
    app.consent(true)
  }
  const preview = boot.mode === 'preview' ? await import('./later/preview') : undefined
  const api = preview ? preview.api(base, tagOf(language)) : new Api(base, inbox, tagOf(language))
  const chat = new Chat(api, local, tab, boot.emit, began)
  const look = new Store<Look>({ language, side: position ?? '', theme, color, text: launcher })
  const bell = new Bell(local, () => chat.view.get().config?.sound ?? false)

  adopt(boot.root, css)
  const place = document.createElement('div')
  boot.root.append(place)
  const app = control({ boot, chat, tab, look, place })
  const draft = {
    load: () => local.get('draft') ?? '',
    save: (text: string) => local.set('draft', text || null),
    follow: (fn: (text: string) => void) => local.watch((name, value) => name === 'draft' && fn(value ?? '')),
  }
  render(<Panel chat={chat} look={look} page={boot.mode === 'page'} bell={bell} draft={draft} onClose={() => app.close()} />, place)
  const leave = dress({ boot, chat, look, place, bell })
  void chat.start(boot.identity ?? named)
  if (ask) app.ask(ask)
  preview?.listen(chat, look)
  return {
    ...app,
    stop() {
      leave()
      app.stop()
    },
  }
}

/**
 * Who the page's address says the visitor is. Token and question are taken off it: neither is passed on, nor put again by a reload.
 * Anybody can send a link, so nothing that goes on here without a name is carried to whom it names.
 */
function addressed(local: Storage): Identity | undefined {
  const token = /^#token=([\w.-]+)$/.exec(location.hash)?.[1]
  const url = new URL(location.href)
  url.searchParams.delete('ask')
  if (token) {
    url.hash = ''
    for (const name of ['token', 'read']) local.set(name, null)
  }
  history.replaceState(history.state, '', url)
  return token ? { token } : undefined
}

interface Parts {
  boot: Boot
  chat: Chat
  look: Store<Look>
  place: HTMLElement
}

/** Keeps launcher, colours, title and bell as the chat is; returns how to stop. */
function dress({ boot, chat, look, place, bell }: Parts & { bell: Bell }): () => void {
  const showTitle = titleHint(document)
  let unread = chat.view.get().unread
  const show = (): void => {
    const view = chat.view.get()
    const { language, color, text, side } = look.get()
    const words = wordsOf(offered(language, view.config?.languages))
    paint(place, color || view.config?.color)
    for (const [name, value] of view.config?.variables ?? []) (boot.root.host as HTMLElement).style.setProperty(name, value)
    const label = view.open ? words.close : view.unread > 0 ? words.openUnread(view.unread) : words.open
    boot.launcher.show({ position: side || view.config?.position, open: view.open, unread: view.open ? 0 : view.unread, label, text: text || view.config?.launcherText, ...launcherColors(color || view.config?.color) })
    showTitle(view.unread)
    if (view.unread > unread && (!view.open || document.visibilityState === 'hidden')) void bell.ring()
    if (view.unread !== unread) boot.emit('unread', (unread = view.unread))
  }
  const seen = (): void => void (chat.view.get().open && chat.seen())
  const stops = [chat.view.follow(show), look.follow(show)]
  show()
  document.addEventListener('visibilitychange', seen)
  if (boot.mode === 'page') boot.launcher.button.style.display = 'none'
  return () => {
    for (const stop of stops) stop()
    document.removeEventListener('visibilitychange', seen)
    showTitle(0)
  }
}

function control({ boot, chat, tab, look, place }: Parts & { tab: Storage }): App {
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
    // A page of its own has nothing behind it: who embeds it hears the event and closes its view.
    close: () => (boot.mode === 'page' ? boot.emit('close') : set(false)),
    toggle: () => set(!chat.view.get().open),
    ask(text) {
      const question = String(text).trim()
      set(true)
      if (question) chat.send([...question].slice(0, 4000).join(''))
    },
    identify: (identity) => void chat.identify(identity),
    set: (settings) => void change(settings, chat, look),
    consent(given) {
      boot.keeps = given ? 'yes' : 'no'
      void chat.keep(given ? area('localStorage') : undefined, given ? area('sessionStorage') : undefined)
    },
    reset: () => void chat.reset(),
    stop() {
      chat.close()
      render(null, place)
      place.remove()
    },
  }
}

async function change({ lang, color, position, theme, launcher, profile }: Settings, chat: Chat, look: Store<Look>): Promise<void> {
  const language = lang === undefined ? look.get().language : pickLanguage(lang, [])
  await loadWords(language)
  look.set({
    language,
    ...(color === undefined ? {} : { color }),
    ...(position === undefined ? {} : { side: position }),
    ...(theme === undefined ? {} : { theme }),
    ...(launcher === undefined ? {} : { text: launcher }),
  })
  await chat.speak(tagOf(language)).catch(() => undefined)
  if (profile) await chat.describe(profile).catch(() => undefined)
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
