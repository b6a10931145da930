/** The panel on a stage for tests: drawn for real, with the server's side in memory. Not part of the widget. */
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, vi } from 'vitest'
import { Api } from './core/api'
import { Bell } from './core/bell'
import { Chat } from './core/chat'
import { Storage } from './core/storage'
import { Store } from './core/store'
import { fakeLocks, FakeServer, FakeSocket } from './testing'
import { Panel } from './ui/panel'
import { loadWords, type Language } from './words/words'
import type { Look } from './app'

const base = 'https://hub.example/'

export class Scene {
  server = new FakeServer()
  place = document.createElement('div')
  readonly closed = vi.fn()
  readonly drafts: ((text: string) => void)[] = []
  draft = ''
  local = new Storage(base, '1', localStorage)
  bell = new Bell(this.local, () => false)
  look = new Store<Look>({ language: 'en', side: 'right', theme: undefined, color: undefined, text: undefined })
  private running: Chat | undefined

  /** Sets the stage before each test of a file, and clears it after. */
  static each(): Scene {
    const scene = new Scene()
    beforeEach(() => scene.set())
    afterEach(() => scene.clear())
    return scene
  }

  get chat(): Chat {
    if (!this.running) throw new Error('open comes first')
    return this.running
  }

  private set(): void {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'requestAnimationFrame'] })
    fakeLocks()
    vi.stubGlobal('WebSocket', FakeSocket)
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network in tests')))
    localStorage.clear()
    this.closed.mockClear()
    this.draft = ''
    this.server = new FakeServer()
    this.place = document.createElement('div')
    document.body.append(this.place)
  }

  private clear(): void {
    render(null, this.place)
    this.place.remove()
    this.running?.close()
    this.running = undefined
    vi.useRealTimers()
    vi.unstubAllGlobals()
  }

  async open(language: Language = 'en', page = false): Promise<void> {
    this.running = new Chat(new Api(base, '1', language, this.server.fetch), this.local, new Storage(base, '1', undefined), () => undefined)
    for (const one of ['zh', 'tw', 'en'] as const) await loadWords(one)
    this.look = new Store<Look>({ language, side: 'right', theme: undefined, color: undefined, text: undefined })
    const draft = {
      load: () => this.draft,
      save: (text: string) => void (this.draft = text),
      follow: (fn: (text: string) => void) => {
        this.drafts.push(fn)
        return () => undefined
      },
    }
    this.chat.setOpen(true, false)
    await act(async () => {
      render(<Panel chat={this.chat} look={this.look} page={page} bell={this.bell} draft={draft} onClose={this.closed} />, this.place)
      await this.chat.start()
    })
    await this.settle()
  }

  /** Lets everything happen that is on its way, parts that are fetched included. */
  async settle(ms = 50): Promise<void> {
    await act(async () => {
      await vi.dynamicImportSettled()
      await vi.advanceTimersByTimeAsync(ms)
    })
    await act(async () => void (await vi.advanceTimersByTimeAsync(0)))
  }

  find<E extends HTMLElement>(what: string): E {
    const found = this.place.querySelector<E>(what)
    if (!found) throw new Error(`no ${what} in ${this.place.textContent}`)
    return found
  }

  has(what: string): boolean {
    return this.place.querySelector(what) !== null
  }

  texts(what: string): (string | null)[] {
    return [...this.place.querySelectorAll(what)].map((e) => e.textContent)
  }

  /** The button with that name. */
  button(name: string): HTMLButtonElement {
    const found = [...this.place.querySelectorAll<HTMLButtonElement>('button')].find((b) => (b.getAttribute('aria-label') ?? b.textContent) === name)
    if (!found) throw new Error(`no button ${name} in ${this.place.textContent}`)
    return found
  }

  async press(name: string): Promise<void> {
    await act(async () => this.button(name).click())
    await this.settle()
  }

  async click(what: string): Promise<void> {
    await act(async () => this.find(what).click())
    await this.settle()
  }

  async type(what: string, text: string): Promise<void> {
    const field = this.find<HTMLInputElement>(what)
    await act(async () => {
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.dispatchEvent(new Event('change', { bubbles: true }))
    })
  }

  async key(what: string, key: string, more: KeyboardEventInit = {}): Promise<void> {
    await act(async () => void this.find(what).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })))
    await this.settle()
  }

  async submit(what: string): Promise<void> {
    await act(async () => void this.find(what).dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })))
    await this.settle()
  }

  /** What comes over the line. */
  async frame(content: object): Promise<void> {
    await act(async () => {
      FakeSocket.last.open()
      FakeSocket.last.frame(content)
    })
    await this.settle()
  }

  /** The bodies of the calls of a path. */
  sent(path: string): Record<string, unknown>[] {
    return this.server.calls.filter((call) => call.path === path && call.method === 'POST').map((call) => call.body)
  }
}
