import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Boot, PublicApi } from '../contract'

vi.stubGlobal('__APP__', 'chat/assets/app-test.js')
vi.stubGlobal('__GREET__', 'chat/assets/greet-test.js')
vi.stubGlobal('__WORDS__', { zh: 'chat/assets/zh.js', tw: 'chat/assets/tw.js', en: 'chat/assets/en.js' })
/** What the hub says of the look of its inbox. */
let look: object

const api = (): PublicApi => (window as unknown as { huiyin: PublicApi }).huiyin
const root = () => document.querySelector('huiyin-chat')?.shadowRoot

const asked: string[] = []

async function load(attributes: Record<string, string>): Promise<void> {
  const script = document.createElement('script')
  script.type = 'text/plain'
  script.src = 'https://hub.example/widget.js'
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value)
  document.head.append(script)
  vi.resetModules()
  await import('./loader')
  await vi.advanceTimersByTimeAsync(3000)
}

beforeEach(() => {
  vi.useFakeTimers()
  look = {}
  asked.length = 0
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    return Promise.resolve(Response.json(look))
  })
  Reflect.deleteProperty(window, 'huiyin')
  document.head.replaceChildren()
  document.body.replaceChildren()
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => vi.useRealTimers())

describe('the loader', () => {
  it('draws the launcher when the page is idle, and nothing more', async () => {
    await load({ 'data-inbox': '1', 'data-lang': 'zh-CN', 'data-color': '#0a7d4f', 'data-position': 'left' })
    const button = root()?.querySelector('button')
    expect(button?.getAttribute('aria-label')).toBe('打开在线客服')
    expect(button?.className).toBe('launch left')
    expect(button?.style.getPropertyValue('--hy-accent')).toBe('#0a7d4f')
    expect(root()?.querySelectorAll('*').length).toBeLessThan(10)
  })

  it('does nothing without an inbox, or when it is to be started by hand', async () => {
    await load({})
    api().open()
    expect(root()).toBeUndefined()
    Reflect.deleteProperty(window, 'huiyin')
    document.head.replaceChildren()
    await load({ 'data-inbox': '1', 'data-manual': '' })
    expect(root()).toBeUndefined()
    api().start({ position: 'left' })
    await vi.advanceTimersByTimeAsync(3000)
    expect(root()?.querySelector('button')?.className).toBe('launch left')
    api().stop()
    expect(root()).toBeUndefined()
  })

  it('is there once, however often it is embedded', async () => {
    await load({ 'data-inbox': '1' })
    const first = api()
    await load({ 'data-inbox': '1' })
    expect(api()).toBe(first)
    expect(document.querySelectorAll('huiyin-chat')).toHaveLength(1)
  })

  it('has its calls before the app is there, and takes listeners off again', async () => {
    await load({ 'data-inbox': '1' })
    expect(Object.keys(api()).sort()).toEqual(['ask', 'close', 'consent', 'identify', 'on', 'open', 'push', 'reset', 'set', 'start', 'stop', 'toggle'])
    const heard = vi.fn()
    const off = api().on('error', heard)
    api().open()
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce())
    off()
    off()
  })
})

describe('what the owner of the inbox wants', () => {
  it('is asked for once the page is idle, and holds where the page says nothing', async () => {
    look = { color: '#0a7d4f', position: 'left', launcher_text: 'Need help?', variables: { '--hy-radius': '8px' } }
    await load({ 'data-inbox': '1', 'data-lang': 'en' })
    expect(asked).toEqual(['https://hub.example/chat/1/look?lang=en'])
    const button = root()?.querySelector('button')
    expect([button?.className, button?.textContent, button?.style.getPropertyValue('--hy-accent')]).toEqual(['launch left', 'Need help?', '#0a7d4f'])
    expect((root()?.host as HTMLElement).style.getPropertyValue('--hy-radius')).toBe('8px')
  })

  it('gives way to what the page says', async () => {
    look = { color: '#0a7d4f', position: 'left', launcher_text: 'Need help?' }
    await load({ 'data-inbox': '1', 'data-color': '#112233', 'data-position': 'right', 'data-launcher': 'Ask us' })
    const button = root()?.querySelector('button')
    expect([button?.className, button?.textContent, button?.style.getPropertyValue('--hy-accent')]).toEqual(['launch right', 'Ask us', '#112233'])
    api().set({ launcher: 'Hello', position: 'left' })
    expect([button?.className, button?.textContent]).toEqual(['launch left', 'Hello'])
  })

  it('may be that nobody can tell', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    await load({ 'data-inbox': '1' })
    expect(root()?.querySelector('button')?.className).toBe('launch right')
  })
})

describe('the browser keeps', () => {
  const key = 'huiyin:hub.example/1:token'
  it.each([
    ['what a visitor from before left, who is looked after at once', {}, {}, true],
    ['and nothing is even looked at before consent where the site demands that', { 'data-consent': 'required' }, {}, false],
    ['what was kept after a first message', {}, { storage: 'ask' }, true],
  ])('%s', async (_, attributes, wanted, wakes) => {
    look = wanted
    localStorage.setItem(key, 'old')
    const failed = vi.fn()
    await load({ 'data-inbox': '1', ...attributes })
    api().on('error', failed)
    await vi.advanceTimersByTimeAsync(3000)
    // The app cannot be fetched here: that it was tried shows as an error.
    if (wakes) await vi.waitFor(() => expect(document.querySelector('huiyin-chat')).not.toBeNull())
    else expect(failed).not.toHaveBeenCalled()
    expect(localStorage.getItem(key)).toBe('old')
  })
})

describe('a call before the script is there', () => {
  it('is done when it comes', async () => {
    Object.assign(window, { huiyin: [['start', { inbox: '7', lang: 'en', base: 'https://other.example/' }], ['nonsense']] })
    await load({})
    expect(asked).toEqual(['https://other.example/chat/7/look?lang=en'])
    expect(root()?.querySelector('button')).not.toBeNull()
  })
})

describe('the launcher', () => {
  it('shows how many are unread', async () => {
    const { makeLauncher, makeRoot } = await import('./launcher')
    const pressed = vi.fn()
    const launcher = makeLauncher(makeRoot(), { lang: 'en' }, pressed, () => undefined)
    launcher.show({ open: false, unread: 120, label: 'Open chat, 120 unread', color: '#ffeb3b', ink: '#111111' })
    expect(launcher.button.querySelector('i')?.textContent).toBe('99+')
    expect(launcher.button.getAttribute('aria-label')).toBe('Open chat, 120 unread')
    launcher.show({ open: false, unread: 0, text: 'Need help?', position: 'left' })
    expect([launcher.button.getAttribute('aria-label'), launcher.button.textContent, launcher.button.className]).toEqual(['Need help?: Open chat, 120 unread', 'Need help?', 'launch left'])
    expect(launcher.button.style.getPropertyValue('--hy-ink')).toBe('#111111')
    launcher.show({ open: true, unread: 0, label: 'Close chat' } satisfies Parameters<Boot['launcher']['show']>[0])
    expect([launcher.button.getAttribute('aria-expanded'), launcher.button.querySelector('i')?.textContent]).toEqual(['true', ''])
    launcher.button.click()
    expect(pressed).toHaveBeenCalledOnce()
  })
})
