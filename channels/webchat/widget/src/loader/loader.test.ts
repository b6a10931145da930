import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Boot, PublicApi } from '../contract'

vi.stubGlobal('__APP__', 'chat/assets/app-test.js')

const api = (): PublicApi => (window as unknown as { huiyin: PublicApi }).huiyin
const root = () => document.querySelector('huiyin-chat')?.shadowRoot

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

  it('does nothing without an inbox', async () => {
    await load({})
    expect(api()).toBeUndefined()
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
    expect(Object.keys(api()).sort()).toEqual(['ask', 'close', 'identify', 'on', 'open', 'reset', 'toggle'])
    const heard = vi.fn()
    const off = api().on('error', heard)
    api().open()
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce())
    off()
    off()
  })
})

describe('the launcher', () => {
  it('shows how many are unread', async () => {
    const { makeLauncher } = await import('./launcher')
    const pressed = vi.fn()
    const { launcher } = makeLauncher({ side: 'right', lang: 'en', color: undefined, onPress: pressed, onNear: () => undefined })
    launcher.show({ open: false, unread: 120, label: 'Open chat, 120 unread', color: '#ffeb3b', ink: '#111111' })
    expect(launcher.button.querySelector('i')?.textContent).toBe('99+')
    expect(launcher.button.getAttribute('aria-label')).toBe('Open chat, 120 unread')
    expect(launcher.button.style.getPropertyValue('--hy-ink')).toBe('#111111')
    launcher.show({ open: true, unread: 0, label: 'Close chat' } satisfies Parameters<Boot['launcher']['show']>[0])
    expect([launcher.button.getAttribute('aria-expanded'), launcher.button.querySelector('i')?.textContent]).toEqual(['true', ''])
    launcher.button.click()
    expect(pressed).toHaveBeenCalledOnce()
  })
})
