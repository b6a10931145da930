import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { start } from './app'
import { makeLauncher, makeRoot } from './loader/launcher'
import { fakeLocks, FakeServer, FakeSocket } from './testing'
import type { App, Boot, Options } from './contract'

let server: FakeServer
let boot: Boot
let app: App
const emit = vi.fn()

async function begin(options: Partial<Options> = {}, more: Partial<Boot> = {}): Promise<void> {
  const root = makeRoot()
  const all = { inbox: '1', base: 'https://hub.example/', lang: 'en', ...options }
  boot = { options: all, mode: 'panel', keeps: 'yes', root, launcher: makeLauncher(root, all, () => app.toggle(), () => undefined), identity: undefined, emit, ...more }
  await act(async () => void (app = await start(boot)))
  await settle()
}
const settle = (ms = 100) =>
  act(async () => {
    await vi.dynamicImportSettled()
    await vi.advanceTimersByTimeAsync(ms)
  })
const $ = <E extends HTMLElement>(what: string) => boot.root.querySelector<E>(what)
const told = (name: string) => emit.mock.calls.filter(([event]) => event === name)
const token = 'huiyin:hub.example/1:token'

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  fakeLocks()
  localStorage.clear()
  sessionStorage.clear()
  server = new FakeServer()
  FakeSocket.all = []
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('fetch', server.fetch)
})
afterEach(async () => {
  await act(async () => app.stop())
  boot.root.host.remove()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  history.replaceState(null, '', '/')
})

describe('the app', () => {
  it('opens, tells of it, is open on the next page too, and closes to the launcher', async () => {
    await begin()
    await act(async () => app.open())
    await settle()
    expect([$('.panel')?.getAttribute('role'), told('open').length, sessionStorage.getItem('huiyin:hub.example/1:open')]).toEqual(['dialog', 1, '1'])
    expect(boot.launcher.button.getAttribute('aria-label')).toBe('Close chat')
    await act(async () => app.close())
    await settle()
    expect([$('.panel'), told('close').length, boot.root.activeElement]).toEqual([null, 1, boot.launcher.button])
  })

  it('counts what was not read on the launcher, in the title and for the page', async () => {
    await begin()
    FakeSocket.last.open()
    await act(async () => FakeSocket.last.frame({ type: 'message', message: server.show(server.say('agent', 'hello')) }))
    await settle()
    expect([boot.launcher.button.getAttribute('aria-label'), told('unread'), told('message').length]).toEqual(['Open chat, 1 unread', [['unread', 1]], 1])
  })

  it('asks a question of the page', async () => {
    await begin({ ask: '  How long? ' })
    await settle()
    expect(server.stored.map((m) => m.text)).toEqual(['How long?'])
    await act(async () => app.ask('  '))
    await settle()
    expect(server.stored).toHaveLength(1)
  })

  it('changes language, colour, side, theme and words while it stands', async () => {
    await begin()
    await act(async () => app.open())
    await act(async () => app.set({ lang: 'zh-TW', color: '#ffeb3b', position: 'left', theme: 'dark', launcher: '需要幫忙嗎？' }))
    await settle()
    await settle()
    expect($('textarea')?.getAttribute('aria-label')).toBe('輸入訊息')
    expect($('.panel')?.className).toContain('left dark')
    expect([boot.launcher.button.className, boot.launcher.button.style.getPropertyValue('--hy-ink')]).toEqual(['launch left', '#111111'])
    expect(server.calls[server.calls.length - 1]?.body).toMatchObject({ language: 'zh-TW' })
  })

  it('takes over what the site knows of the visitor', async () => {
    await begin()
    await act(async () => app.set({ profile: { name: 'Ann' } }))
    await settle()
    expect(server.calls[server.calls.length - 1]?.body).toMatchObject({ profile: { name: 'Ann' } })
  })

  it('says the words of the inbox where its languages are others', async () => {
    server.config = { ...server.config, languages: ['zh-CN'] }
    await begin()
    await act(async () => app.open())
    await settle()
    await settle()
    expect($('textarea')?.getAttribute('aria-label')).toBe('输入消息')
  })

  it('takes itself off the page, and everything it was doing with it', async () => {
    await begin()
    await act(async () => app.open())
    const calls = server.calls.length
    await act(async () => app.stop())
    await settle(60_000)
    expect([$('.panel'), server.calls.length]).toEqual([null, calls])
  })

  it('puts the variables of the owner on its element', async () => {
    server.config = { ...server.config, variables: { '--hy-radius': '8px', position: 'static' } }
    await begin()
    const { style } = boot.root.host as HTMLElement
    expect([style.getPropertyValue('--hy-radius'), style.position]).toEqual(['8px', 'fixed'])
  })
})

describe('what the browser keeps', () => {
  it('is nothing before consent, and everything after it', async () => {
    await begin({}, { keeps: 'no' })
    await act(async () => app.ask('hello'))
    await settle()
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
    await act(async () => app.consent(true))
    await settle()
    expect(localStorage.getItem(token)).toBe('token-1')
    await act(async () => app.consent(false))
    await settle()
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
    await act(async () => app.ask('again'))
    await settle()
    expect(server.stored.map((m) => m.text)).toEqual(['hello', 'again'])
    expect(server.visitors, 'one visitor all along').toBe(1)
  })

  it('begins with the first message where the owner wants that', async () => {
    await begin({}, { keeps: 'ask' })
    await act(async () => app.open())
    await settle()
    expect(localStorage.getItem(token)).toBeNull()
    await act(async () => app.ask('hello'))
    await settle()
    expect(localStorage.getItem(token)).toBe('token-1')
  })

  it('shows who was here before, once consent is there', async () => {
    server.known.add('old')
    localStorage.setItem(token, 'old')
    await begin({}, { keeps: 'no' })
    await act(async () => app.open())
    await settle()
    expect(server.calls[0]?.body).not.toHaveProperty('token')
    server.say('contact', 'from before')
    await act(async () => app.consent(true))
    await settle()
    expect(server.calls.filter((c) => c.path === 'session').pop()?.body).toMatchObject({ token: 'old' })
    expect($('.mine .bubble')?.textContent).toBe('from before')
  })
})

describe('a page of its own', () => {
  it('has no launcher and nothing to close, and tells who embeds it', async () => {
    await begin({}, { mode: 'page' })
    await act(async () => app.restore())
    await settle()
    expect([boot.launcher.button.style.display, $('.panel')?.getAttribute('role'), $('.panel [aria-label="Close chat"]')]).toEqual(['none', 'main', null])
    await act(async () => app.close())
    expect([told('close').length, $('.panel') !== null]).toEqual([1, true])
  })

  it('knows the visitor by the address, and takes that off it', async () => {
    history.replaceState(null, '', '/chat/1?x=1&ask=hello#token=abc.def.ghi')
    await begin({}, { mode: 'page' })
    expect(server.calls[0]?.body).toMatchObject({ identity: { token: 'abc.def.ghi' } })
    expect(location.href).toMatch(/\/chat\/1\?x=1$/)
  })

  it('gives nothing of an unnamed visitor to whom a link names', async () => {
    localStorage.setItem(token, 'the unnamed one')
    history.replaceState(null, '', '/chat/1#token=abc.def.ghi')
    await begin({}, { mode: 'page' })
    expect([server.calls[0]?.path, server.calls[0]?.body['token']]).toEqual(['session', undefined])
  })

  it('puts the question of the address once, also when the page is loaded again', async () => {
    history.replaceState(null, '', '/chat/1?lang=en&ask=hello')
    await begin({ ask: 'hello' }, { mode: 'page' })
    await settle()
    expect([server.stored.filter((m) => m.text === 'hello').length, location.search]).toEqual([1, '?lang=en'])
  })

  it('takes no such thing from the address of a page that only embeds it', async () => {
    history.replaceState(null, '', '/#token=abc.def.ghi')
    await begin()
    expect(server.calls[0]?.body).not.toHaveProperty('identity')
  })

  it('goes back by the way back', async () => {
    server.config = { ...server.config, transcript: 'page' }
    server.say('contact', 'hello')
    await begin({}, { mode: 'page' })
    await act(async () => app.restore())
    await settle()
    await act(async () => boot.root.querySelector<HTMLElement>('[aria-label=More]')?.click())
    await settle()
    await act(async () => boot.root.querySelector<HTMLElement>('[role=menuitem]')?.click())
    await settle()
    expect($('.over')).not.toBeNull()
    await act(async () => void window.dispatchEvent(new PopStateEvent('popstate')))
    await settle()
    expect($('.over')).toBeNull()
  })
})

describe('a preview', () => {
  const show = (content: object, origin = location.origin) =>
    act(async () => void window.dispatchEvent(new MessageEvent('message', { data: { type: 'huiyin-preview', lang: 'en', ...content }, origin })))

  it('asks nobody, says that it is ready, and shows what the console sends', async () => {
    const ready = vi.spyOn(window.parent, 'postMessage')
    await begin({ inbox: 'preview' }, { mode: 'preview', keeps: 'no' })
    await act(async () => app.restore())
    await settle()
    expect(ready).toHaveBeenCalledWith({ type: 'huiyin-preview-ready' }, location.origin)
    await show({ config: { name: 'Shop', greeting: 'Welcome!', quick_replies: ['Hours?'], bot: true, position: 'left' } })
    await settle()
    expect($('.greeting .bubble')?.textContent).toBe('Welcome!')
    expect($('.panel')?.className).toContain('left')
    await act(async () => $('.choices button')?.click())
    await settle()
    expect($('.mine .bubble')?.textContent).toBe('Hours?')
    expect([server.calls.length, FakeSocket.all.length, localStorage.length]).toEqual([0, 0, 0])
  })

  it('hears nobody of another origin', async () => {
    await begin({ inbox: 'preview' }, { mode: 'preview', keeps: 'no' })
    await act(async () => app.restore())
    await show({ config: { greeting: 'Evil' } }, 'https://evil.example')
    await settle()
    expect(boot.root.textContent).not.toContain('Evil')
  })
})
