import type { App, Boot, EventName, Identity, Launcher, PublicApi } from '../contract'
import { makeLauncher } from './launcher'
import { storedOpen, storedToken } from './stored'

declare const __APP__: string

type Call = (app: App) => void
type Listener = (detail: unknown) => void

/** The script element that brought us, also when the page loads us as a module. */
function ourScript(): HTMLScriptElement | null {
  return (document.currentScript as HTMLScriptElement | null) ?? document.querySelector('script[data-inbox][src*="widget.js"]')
}

/** Runs fn when the page has nothing better to do. */
function whenIdle(fn: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(fn, { timeout: 2000 })
  else setTimeout(fn, 200)
}

function begin(script: HTMLScriptElement): void {
  const { inbox = '', lang, color, position } = script.dataset
  const base = new URL('.', script.src).href
  const side = position === 'left' ? 'left' : 'right'
  const listeners: [EventName, Listener][] = []
  let identity: Identity | undefined
  let app: Promise<App> | undefined
  let drawn: { root: ShadowRoot; launcher: Launcher } | undefined

  const emit = (name: EventName, detail?: unknown): void => {
    for (const [event, fn] of [...listeners]) if (event === name) fn(detail)
  }
  const draw = () => (drawn ??= makeLauncher({ side, lang, color, onPress: () => run((a) => a.toggle()), onNear: load }))
  const boot = (): Boot => ({ base, inbox, lang, color, side, ...draw(), identity, emit })

  function load(): Promise<App> {
    app ??= import(/* @vite-ignore */ base + __APP__).then((m: { start(boot: Boot): App }) => m.start(boot()))
    app.catch((error: unknown) => {
      app = undefined
      emit('error', error)
    })
    return app
  }
  function run(call: Call): void {
    load().then(call, () => undefined)
  }

  const api: PublicApi = {
    open: () => run((a) => a.open()),
    close: () => app && run((a) => a.close()),
    toggle: () => run((a) => a.toggle()),
    ask: (text) => run((a) => a.ask(text)),
    identify(next) {
      identity = next
      if (app) run((a) => a.identify(next))
    },
    reset() {
      identity = undefined
      run((a) => a.reset())
    },
    on(event, fn) {
      const entry: [EventName, Listener] = [event, fn]
      listeners.push(entry)
      return () => {
        const at = listeners.indexOf(entry)
        if (at >= 0) listeners.splice(at, 1)
      }
    },
  }
  Object.assign(window, { huiyin: api })

  document.addEventListener('click', (event) => {
    const asker = event.target instanceof Element ? event.target.closest('[data-huiyin-ask]') : null
    const text = asker?.getAttribute('data-huiyin-ask')
    if (!text) return
    event.preventDefault()
    api.ask(text)
  })
  whenIdle(() => {
    draw()
    if (storedOpen(base, inbox)) run((a) => a.restore())
    else if (storedToken(base, inbox)) void load()
  })
}

if (!('huiyin' in window)) {
  const script = ourScript()
  if (script?.dataset['inbox']) begin(script)
}
