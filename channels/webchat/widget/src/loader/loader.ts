import type { App, Boot, EventName, Greeting, Identity, Keeps, Launcher, Look, Options, PublicApi } from '../contract'
import { languageOf, makeLauncher, makeRoot } from './launcher'
import { stored } from './stored'

declare const __APP__: string
declare const __GREET__: string
declare const __WORDS__: Record<'zh' | 'tw' | 'en', string>

type Listener = (detail: unknown) => void
/** What greet.ts exports. */
interface Greeter {
  greet(root: ShadowRoot, greetings: Greeting[], place: { side: string; lang: string | undefined; returning: boolean; keeps(): boolean; name: string; open(): void; emit: Boot['emit'] }): () => void
}
type Running = ReturnType<typeof begin>

const listeners = new Set<[EventName, Listener]>()
let identity: Identity | undefined
let running: Running | undefined

const emit = (name: EventName, detail?: unknown): void => {
  for (const [event, fn] of [...listeners]) if (event === name) fn(detail)
}

/** The script element that brought us, also when the page loads us as a module. */
const script = (document.currentScript as HTMLScriptElement | null) ?? document.querySelector<HTMLScriptElement>('script[data-inbox]')

/** Runs fn when the page has nothing better to do. */
function whenIdle(fn: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(fn, { timeout: 2000 })
  else setTimeout(fn, 200)
}

/** For so long the app waits to learn how the owner wants it; after that it keeps nothing before it is asked to. */
const patience = 3000

/** One chat on the page, from start to stop. */
function begin(o: Options & { inbox: string; base: string }) {
  const { inbox, base } = o
  const mode = o.mode === 'page' || o.mode === 'preview' ? o.mode : 'panel'
  let keeps: Keeps = o.consent === 'required' || mode === 'preview' ? 'no' : 'yes'
  let looked: Promise<Look> | undefined
  let app: Promise<App> | undefined
  let over = false
  let drawn: { root: ShadowRoot; launcher: Launcher } | undefined
  let hush = (): void => undefined

  const dress = (): void => drawn?.launcher.show({ ...o, open: false, unread: 0, text: o.launcher })
  function draw() {
    if (drawn) return drawn
    const root = makeRoot()
    drawn = { root, launcher: makeLauncher(root, o, () => run('toggle'), load) }
    dress()
    return drawn
  }
  function load(): Promise<App> {
    const fetched = (name: string) => import(/* @vite-ignore */ base + name)
    // The words most likely come at the same time: the app asks for them by itself.
    app ??= Promise.all([fetched(__APP__) as Promise<{ start(boot: Boot): Promise<App> }>, look(), fetched(__WORDS__[languageOf(o.lang ?? navigator.language)])]).then(([m]) => m.start({ options: o, mode, keeps, ...draw(), identity, emit }))
    app.catch((error: unknown) => {
      app = undefined
      emit('error', error)
    })
    return app
  }
  function run(name: keyof App, given?: unknown): void {
    hush()
    load().then((a) => over || (a[name] as (given?: unknown) => void)(given), () => undefined)
  }
  const known = (): boolean => keeps !== 'no' && stored('localStorage', base, inbox, 'token') !== null
  /** Comes back by itself to who had it open, or was here before and may have unread answers. */
  function wake(): void {
    if (keeps !== 'no' && stored('sessionStorage', base, inbox, 'open') === '1') run('restore')
    else if (known()) void load()
  }
  /** Learns, once, how the owner wants the chat; a hub that does not say wants what the page says. */
  function look(): Promise<Look> {
    if (mode === 'preview') return Promise.resolve({})
    const asked = fetch(`${base}chat/${encodeURIComponent(inbox)}/look?lang=${o.lang ?? navigator.language}`, { credentials: 'omit' })
      .then((answer): Promise<Look> | Look => (answer.ok ? answer.json() : {}))
      .catch((): Look => ({}))
    const late = new Promise<Look>((done) => setTimeout(() => done({ storage: 'ask' }), patience))
    return (looked ??= Promise.race([asked, late]).then((found) => {
      o.color ??= found.color ?? ''
      o.launcher ??= found.launcher_text ?? ''
      o.position ??= found.position ?? ''
      if (found.storage === 'ask' && keeps === 'yes' && !known()) keeps = 'ask'
      for (const name in found.variables) (draw().root.host as HTMLElement).style.setProperty(name, found.variables[name] ?? '')
      return found
    }))
  }
  /** Says the owner's greeting where its rule fits. */
  async function greet(greetings: Greeting[]): Promise<void> {
    const greeter = (await import(/* @vite-ignore */ base + __GREET__)) as Greeter
    if (over || app) return
    hush = greeter.greet(draw().root, greetings, { side: o.position || 'right', lang: o.lang, returning: known(), keeps: () => keeps === 'yes', name: base + inbox, open: () => run('open'), emit })
  }

  whenIdle(() => {
    if (over) return
    if (mode !== 'panel') return run('restore')
    draw()
    void look().then(({ greetings }) => {
      if (over || app) return
      dress()
      wake()
      if (!app && greetings?.length) return greet(greetings)
    })
  })
  return {
    run,
    /** Calls only what is there already. */
    tell: (name: keyof App, given?: unknown) => app && run(name, given),
    consent(given: boolean) {
      keeps = given ? 'yes' : 'no'
      if (app) return run('consent', given)
      if (given) whenIdle(wake)
      // Only the app knows what it keeps.
      else if (stored('localStorage', base, inbox, 'token')) run('consent', false)
    },
    adopt(more: Options) {
      Object.assign(o, more)
      if (!app) dress()
    },
    stop() {
      over = true
      hush()
      app?.then((a) => a.stop(), () => undefined)
      drawn?.root.host.remove()
    },
  }
}

const api: PublicApi = {
  start(options = {}) {
    const { inbox = '', ...data } = { ...(script?.dataset as Options | undefined), ...options }
    running?.stop()
    if (inbox) running = begin({ ...data, inbox: String(inbox), base: new URL('.', data.base ?? script?.src ?? location.href).href })
  },
  stop() {
    running?.stop()
    running = undefined
  },
  open: () => running?.run('open'),
  close: () => running?.tell('close'),
  toggle: () => running?.run('toggle'),
  ask: (text) => running?.run('ask', text),
  identify(next) {
    identity = next
    running?.tell('identify', next)
  },
  set(settings) {
    const { profile, ...look } = settings
    running?.adopt(look)
    running?.[profile ? 'run' : 'tell']('set', settings)
  },
  consent: (given) => running?.consent(given),
  reset() {
    identity = undefined
    running?.run('reset')
  },
  on(event, fn) {
    const entry: [EventName, Listener] = [event, fn]
    listeners.add(entry)
    return () => void listeners.delete(entry)
  },
  push(...calls) {
    for (const [name, ...given] of calls) (api[name] as ((...given: unknown[]) => unknown) | undefined)?.(...given)
  },
}

const before = (window as { huiyin?: unknown }).huiyin
if (!before || Array.isArray(before)) {
  Object.assign(window, { huiyin: api })
  document.addEventListener('click', (event) => {
    const asker = (event.target as Partial<Element>).closest?.('[data-huiyin-ask]')
    if (!asker || !running) return
    event.preventDefault()
    api.ask(asker.getAttribute('data-huiyin-ask') ?? '')
  })
  if (script && script.dataset['manual'] === undefined) api.start()
  api.push(...((before ?? []) as Parameters<PublicApi['push']>))
}
