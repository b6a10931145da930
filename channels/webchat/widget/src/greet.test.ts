import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { greet } from './greet'
import type { Greeting } from './contract'

let root: ShadowRoot
let stop: () => void
const open = vi.fn()
const emit = vi.fn()

function begin(greetings: Greeting[], more: Partial<Parameters<typeof greet>[2]> = {}): void {
  stop = greet(root, greetings, { side: 'right', lang: 'en', returning: false, keeps: () => true, name: 'https://hub.example/1', open, emit, ...more })
}
const said = () => root.querySelector('.say')?.textContent ?? ''

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  sessionStorage.clear()
  history.replaceState(null, '', '/')
  const host = document.createElement('div')
  document.body.replaceChildren(host)
  root = host.attachShadow({ mode: 'open' })
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

describe('greet', () => {
  it('says the first that fits, and opens the chat when it is pressed', () => {
    begin([{ text: 'Only there', pages: ['/there'] }, { text: 'Hello' }, { text: 'Never second' }])
    expect(said()).toBe('Hello')
    expect(emit).toHaveBeenCalledWith('greeting', 'Hello')
    root.querySelector<HTMLElement>('.say')?.click()
    expect(open).toHaveBeenCalledOnce()
  })

  it('waits for its time on the page, which begins anew where the visitor goes', () => {
    begin([{ text: 'Hello', delay_seconds: 5, pages: ['/buy*'] }])
    vi.advanceTimersByTime(60_000)
    expect(said()).toBe('')
    history.pushState(null, '', '/buy/1')
    vi.advanceTimersByTime(4000)
    history.pushState(null, '', '/buy/2')
    vi.advanceTimersByTime(4000)
    expect(said()).toBe('')
    vi.advanceTimersByTime(3000)
    expect(said()).toBe('Hello')
    history.pushState(null, '', '/elsewhere')
    vi.advanceTimersByTime(1000)
    expect(said()).toBe('')
  })

  it('does not come again once it was put away, also on the next page', () => {
    begin([{ text: 'Hello' }])
    root.querySelector<HTMLElement>('.shut')?.click()
    vi.advanceTimersByTime(5000)
    expect(said()).toBe('')
    stop()
    begin([{ text: 'Hello' }])
    expect(said()).toBe('')
  })

  it('remembers nothing where it may not', () => {
    begin([{ text: 'Hello' }], { keeps: () => false })
    root.querySelector<HTMLElement>('.shut')?.click()
    expect(sessionStorage.length).toBe(0)
  })

  it('leaves nothing behind when the chat is opened', () => {
    begin([{ text: 'Hello' }])
    stop()
    vi.advanceTimersByTime(5000)
    expect(root.querySelector('[role=status]')).toBeNull()
  })

  it('names its button in the language of the page', () => {
    begin([{ text: '需要帮助吗？' }], { lang: 'zh-CN', side: 'left' })
    expect(root.querySelector('.shut')?.getAttribute('aria-label')).toBe('关闭')
    expect(root.querySelector('.greet')?.className).toBe('greet left')
  })
})
