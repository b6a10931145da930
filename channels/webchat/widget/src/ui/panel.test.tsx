import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Api } from '../core/api'
import { Chat } from '../core/chat'
import { Storage } from '../core/storage'
import { Bell } from '../core/bell'
import { Store } from '../core/store'
import { loadWords } from '../words/words'
import type { Look } from '../app'
import { fakeLocks, FakeServer, FakeSocket } from '../testing'
import { room } from './files'
import { Panel } from './panel'

const base = 'https://hub.example/'
let server: FakeServer
let chat: Chat
let place: HTMLElement
const closed = vi.fn()
const draft = { load: () => '', save: () => undefined, follow: () => () => undefined }

beforeEach(() => {
  vi.useFakeTimers()
  fakeLocks()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network in tests')))
  localStorage.clear()
  closed.mockClear()
  server = new FakeServer()
  place = document.createElement('div')
  document.body.append(place)
})

afterEach(() => {
  render(null, place)
  place.remove()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function open(language: 'zh' | 'en' = 'en'): Promise<void> {
  const local = new Storage(base, '1', localStorage)
  chat = new Chat(new Api(base, '1', language, server.fetch), local, new Storage(base, '1', undefined), () => undefined)
  await loadWords('en')
  await loadWords('zh')
  chat.setOpen(true, false)
  await act(async () => {
    const look = new Store<Look>({ language, side: 'right', theme: undefined, color: undefined, text: undefined })
    render(<Panel chat={chat} look={look} page={false} bell={new Bell(local, () => false)} draft={draft} onClose={closed} />, place)
    await chat.start()
  })
  await settle()
}

const settle = () =>
  act(async () => {
    await vi.dynamicImportSettled()
    await vi.advanceTimersByTimeAsync(50)
  })
const find = <E extends HTMLElement>(what: string): E => {
  const found = place.querySelector<E>(what)
  if (!found) throw new Error(`no ${what} in ${place.textContent}`)
  return found
}
const texts = (what: string) => [...place.querySelectorAll(what)].map((e) => e.textContent)

async function write(text: string, key: KeyboardEventInit = {}): Promise<void> {
  const field = find<HTMLTextAreaElement>('textarea')
  await act(async () => {
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
  await act(async () => void field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...key })))
  await settle()
}

describe('the panel', () => {
  it('greets, and a suggested question is asked by a click', async () => {
    await open()
    expect(texts('.greeting .bubble')).toEqual(['Hello'])
    await act(async () => find('.choices button').click())
    await settle()
    expect(server.stored.map((m) => m.text)).toEqual(['Hours?'])
    expect(texts('.mine .bubble')).toEqual(['Hours?'])
    expect(place.querySelector('.greeting .choices')).toBeNull()
  })

  it.each([
    ['Enter sends', {}, 1],
    ['Shift and Enter breaks the line', { shiftKey: true }, 0],
    ['an Enter that ends a Chinese word does not send', { isComposing: true }, 0],
    ['nor one that old browsers mark by its number', { keyCode: 229 }, 0],
  ])('%s', async (_, key, sent) => {
    await open()
    await write('你好', key)
    expect(server.stored).toHaveLength(sent)
  })

  it('sends nothing that is empty or too long', async () => {
    await open()
    await write('   ')
    await write('长'.repeat(4001))
    expect(server.stored).toHaveLength(0)
    expect(texts('.hint')).toEqual(['1 characters too many'])
  })

  it('shows what strangers wrote as text', async () => {
    await open()
    await write('<img src=x onerror=alert(1)>')
    expect(place.querySelector('.bubble img')).toBeNull()
    expect(texts('.mine .bubble')).toEqual(['<img src=x onerror=alert(1)>'])
  })

  it('keeps what could not be sent, with the reason and a way to try again', async () => {
    await open()
    server.faults = [{ status: 400, detail: 'Not like this.' }]
    await write('hello')
    expect(texts('.meta.bad span')).toEqual(['Not like this.'])
    await act(async () => find('.meta.bad button').click())
    await settle()
    expect(server.stored.map((m) => m.text)).toEqual(['hello'])
    expect(place.querySelector('.meta.bad')).toBeNull()
  })

  it('offers the choices of the newest message, and keeps the spent ones to be read', async () => {
    server.say('bot', 'first?', { choices: [{ label: 'x', value: 'x1' }, { label: 'y', value: 'y1' }] })
    server.say('contact', 'x')
    server.say('bot', 'which?', { choices: [{ label: 'Old', value: '1' }] })
    server.say('bot', 'which of these?', { choices: [{ label: 'A', value: 'a1' }, { label: 'B', value: 'b1' }] })
    await open()
    expect(texts('.choices button')).toEqual(['A', 'B'])
    expect(texts('.spent > span')).toEqual(['x (Chosen)', 'y', 'Old'])
    await act(async () => find('.choices button').click())
    await settle()
    expect(server.calls.find((c) => c.path === 'messages' && c.method === 'POST')?.body).toMatchObject({ text: 'A', choice: 'a1' })
  })

  it('has named buttons for the verdict on an answer', async () => {
    server.say('bot', 'an answer', { can_rate: true })
    await open()
    const [yes, no] = [...place.querySelectorAll<HTMLButtonElement>('.rating button')]
    expect([yes?.getAttribute('aria-label'), no?.getAttribute('aria-label')]).toEqual(['Yes, this helped', 'No, this did not help'])
    await act(async () => yes?.click())
    await settle()
    expect(yes?.getAttribute('aria-pressed')).toBe('true')
  })

  it('has a person one tap away, and the place in the queue after it', async () => {
    await open('zh')
    await act(async () => find('.human').click())
    await settle()
    expect(server.calls[server.calls.length - 1]?.path).toBe('human')
    await act(async () => {
      FakeSocket.last.open()
      FakeSocket.last.frame({ type: 'state', state: { status: 'queued', queue_position: 3, wait_seconds: 120 } })
    })
    expect(texts('.queue strong')).toEqual(['您前面还有 2 位 · 大约等 2 分钟'])
    await act(async () => find('.later button').click())
    expect(server.calls.some((one) => JSON.stringify(one.body ?? '').includes('"choice":"later"'))).toBe(true)
    await act(async () => FakeSocket.last.frame({ type: 'state', state: { status: 'queued', queue_position: 3, later: true } }))
    expect(place.querySelector('.later')).toBeNull()
    expect(texts('.queue span')).toEqual(['不用守在这里，轮到您时客服会在这里回复您。'])
    expect(place.querySelector('.human')).toBeNull()
    await act(async () => FakeSocket.last.frame({ type: 'state', state: { status: 'agent', agent: { name: '林晓' } } }))
    expect(texts('h2')).toEqual(['林晓'])
  })

  it('reads new messages out, not the history', async () => {
    server.say('bot', 'from before')
    await open()
    expect(texts('[aria-live]')).toEqual([''])
    await act(async () => {
      FakeSocket.last.open()
      FakeSocket.last.frame({ type: 'message', message: server.show(server.say('agent', 'hello')) })
    })
    await settle()
    expect(texts('[aria-live]')).toEqual(['Support: hello'])
  })

  it('says after a moment that the connection is lost, and no longer when it is back', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.3) // it is tried again before three seconds are over
    await open()
    await act(async () => {
      FakeSocket.last.open()
      FakeSocket.last.drop()
    })
    expect(texts('.line.warn')).toEqual([])
    await act(async () => void (await vi.advanceTimersByTimeAsync(3000)))
    expect(texts('.line.warn')).toEqual(['Connection lost. Trying again…'])
    await act(async () => FakeSocket.last.open())
    expect(texts('.line.warn')).toEqual([])
    vi.restoreAllMocks()
  })

  it('closes by Esc, but not by one that ends a Chinese word', async () => {
    await open()
    const esc = (init: KeyboardEventInit) => find('textarea').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, ...init }))
    esc({ isComposing: true })
    expect(closed).not.toHaveBeenCalled()
    esc({})
    expect(closed).toHaveBeenCalledOnce()
  })

  it('says why there is no chat, and tries again', async () => {
    server.faults = [{ status: 503, detail: 'Back in a minute.' }]
    await open()
    expect(texts('.empty p')).toEqual(['The chat could not be reached.', 'Back in a minute.'])
    await act(async () => find('.empty button').click())
    await settle()
    expect(texts('.greeting .bubble')).toEqual(['Hello'])
  })

  it('speaks the language that the inbox offers', async () => {
    server.config = { ...server.config, languages: ['zh-CN'] }
    await open('en')
    expect(find('textarea').getAttribute('aria-label')).toBe('输入消息')
  })
})

describe('the form before the chat', () => {
  const fill = async (values: string[]): Promise<void> => {
    const fields = [...place.querySelectorAll<HTMLInputElement>('.intro input')]
    for (const [i, field] of fields.entries()) {
      await act(async () => {
        field.value = values[i] ?? ''
        field.dispatchEvent(new Event('input', { bubbles: true }))
      })
    }
    await act(async () => find('.intro .primary').click())
    await settle()
  }

  it.each([
    ['a name alone', ['Ann', '', ''], 'Please give your name and an email address or phone number.'],
    ['an email that is none', ['Ann', 'ann', ''], 'This does not look like an email address.'],
    ['what is needed', ['Ann', 'ann@example.com', ''], ''],
  ])('takes or refuses %s', async (_, values, problem) => {
    server.config = { ...server.config, pre_chat: 'required' }
    await open()
    await fill(values)
    if (problem) return expect(texts('.intro .hint')).toEqual([problem])
    expect(place.querySelector('.intro')).toBeNull()
    expect(server.calls[server.calls.length - 1]?.body['profile']).toEqual({ name: 'Ann', email: 'ann@example.com', phone: '', fields: {} })
  })

  it('keeps the focus in the panel when it takes the place of the field', async () => {
    server.config = { ...server.config, pre_chat: 'required' }
    await open()
    expect([place.querySelector('.intro') === null, document.activeElement?.closest('.panel') === null]).toEqual([false, false])
  })

  it('says beside it why nothing else goes yet', async () => {
    server.config = { ...server.config, pre_chat: 'required' }
    await open()
    server.faults = [{ status: 400, code: 'form', detail: 'Please fill in the form first.' }]
    await act(async () => find('.human').click())
    await settle()
    expect([place.querySelector('.line.warn')?.textContent, place.querySelector('.intro') === null]).toEqual([expect.stringContaining('Please fill in the form first.'), false])
  })

  it('can be skipped where the owner lets it', async () => {
    server.config = { ...server.config, pre_chat: 'optional' }
    await open()
    await act(async () => find('.intro .text').click())
    expect(place.querySelector('textarea')).not.toBeNull()
  })
})

describe('room', () => {
  it.each([
    [{ width: 480, height: 240 }, { width: 240, height: 120 }],
    [{ width: 100, height: 880 }, { width: 48, height: 220 }],
    [{ width: 60, height: 60 }, { width: 60, height: 60 }],
    [{}, { width: 240, height: 160 }],
  ])('%j gets %j', (size, want) => expect(room({ key: 'k', name: 'a', type: 'image/png', size: 1, url: '', ...size })).toEqual(want))
})
