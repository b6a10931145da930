import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Api } from './api'
import { Chat } from './chat'
import { Storage } from './storage'
import { fakeLocks, FakeServer, FakeSocket } from '../testing'

const base = 'https://hub.example/'
let server: FakeServer
const chats: Chat[] = []

function chat(emit = vi.fn()): Chat {
  const made = new Chat(new Api(base, '1', 'en', server.fetch), new Storage(base, '1', localStorage), new Storage(base, '1', sessionStorage), emit)
  chats.push(made)
  return made
}

const texts = (c: Chat) => c.view.get().messages.map((m) => m.text)

beforeEach(() => {
  vi.useFakeTimers()
  fakeLocks()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network in tests')))
  localStorage.clear()
  sessionStorage.clear()
  FakeSocket.all = []
  server = new FakeServer()
})

afterEach(() => {
  for (const made of chats.splice(0)) made.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a visit', () => {
  it('begins with history and follows from where it ends', async () => {
    server.known.add('old')
    localStorage.setItem('huiyin:hub.example/1:token', 'old')
    server.say('contact', 'hi')
    server.say('bot', 'hello')
    const c = chat()
    await c.start()
    expect(texts(c)).toEqual(['hi', 'hello'])
    expect(FakeSocket.last.url).toBe('wss://hub.example/chat/1/stream?after=1.2')
    expect(FakeSocket.last.protocols).toEqual(['huiyin.v1', 'token.old'])
    expect(c.view.get()).toMatchObject({ phase: 'ready', unread: 0, readTo: '1.2' })
  })

  it('says why it could not begin, and begins when asked again', async () => {
    server.faults = [{ status: 503, detail: 'stopping' }]
    const c = chat()
    await c.start()
    expect(c.view.get()).toMatchObject({ phase: 'failed', failure: 'stopping' })
    await c.start()
    expect(c.view.get().phase).toBe('ready')
  })

  it('keeps who the visitor is, and is one visitor in all its tabs', async () => {
    await Promise.all([chat().start(), chat().start()])
    await chat().start()
    expect(server.visitors).toBeLessThanOrEqual(2)
    expect(localStorage.getItem('huiyin:hub.example/1:token')).toMatch(/^token-/)
  })

  it('forgets who the visitor was when the site says so', async () => {
    server.known.add('old')
    localStorage.setItem('huiyin:hub.example/1:token', 'old')
    const c = chat()
    await c.start({ id: 'u1', hash: 'signed' })
    server.faults = [{ status: 503 }]
    c.send('never sent')
    await c.reset()
    expect(server.calls.filter((call) => call.path === 'session')[1]?.body).toEqual({ language: 'en' })
    expect(localStorage.getItem('huiyin:hub.example/1:token')).toBe('token-1')
    expect(c.view.get().outbox).toEqual([])
  })

  it('becomes who the site says, and its other tabs follow', async () => {
    const [a, b] = [chat(), chat()]
    await a.start()
    await b.start()
    server.known.add('token-u1')
    localStorage.setItem('huiyin:hub.example/1:token', 'token-u1')
    window.dispatchEvent(new StorageEvent('storage', { key: 'huiyin:hub.example/1:token', newValue: 'token-u1', storageArea: localStorage }))
    await vi.advanceTimersByTimeAsync(10)
    await a.identify({ id: 'u1', hash: 'signed' })
    const sessions = server.calls.filter((call) => call.path === 'session')
    expect(sessions[sessions.length - 1]?.body).toMatchObject({ token: 'token-u1', identity: { id: 'u1' } })
    expect(FakeSocket.last.protocols[1]).toBe('token.token-u1')
  })

  it('goes on without an identity that is refused', async () => {
    server.faults = [{ status: 403, detail: 'not signed' }]
    const emit = vi.fn()
    const c = chat(emit)
    await c.start({ id: 'u1', hash: 'wrong' })
    expect(c.view.get().phase).toBe('ready')
    expect(emit).toHaveBeenCalledWith('error', expect.objectContaining({ status: 403 }))
  })

  it('goes on without what the page says of the visitor and the hub does not take', async () => {
    server.faults = [{ status: 400, detail: 'no such phone', code: 'phone' }]
    const emit = vi.fn()
    const c = chat(emit)
    await c.describe({ name: 'Ann', phone: 'call me' })
    await c.start()
    expect(c.view.get().phase).toBe('ready')
    expect(emit).toHaveBeenCalledWith('error', expect.objectContaining({ code: 'phone' }))
    expect(server.calls[0]?.body).not.toHaveProperty('profile')
  })

  it('tells the faults of a form to whom filled it in, and forgets what was wrong', async () => {
    const c = chat()
    await c.start()
    server.faults = [{ status: 400, detail: 'no such phone', code: 'phone' }]
    await expect(c.introduce({ phone: 'call me', fields: {} })).rejects.toMatchObject({ code: 'phone' })
    await c.speak('zh-CN')
    expect(server.calls[server.calls.length - 1]?.body).not.toHaveProperty('profile')
  })
})

describe('the stream', () => {
  it('shows what comes once, counts what is unread, and resumes after it', async () => {
    const c = chat()
    await c.start()
    FakeSocket.last.open()
    const frame = { type: 'message', message: server.show(server.say('agent', 'hello')) }
    FakeSocket.last.frame(frame)
    FakeSocket.last.frame(frame)
    expect(texts(c)).toEqual(['hello'])
    expect(c.view.get().unread).toBe(1)
    FakeSocket.last.drop()
    expect(c.view.get().up).toBe(false)
    await vi.advanceTimersByTimeAsync(8200)
    expect(FakeSocket.last.url).toContain('after=1.1')
    FakeSocket.last.open()
    expect(c.view.get().up).toBe(true)
    c.seen()
    expect(c.view.get()).toMatchObject({ unread: 0, readTo: '1.1' })
  })

  it('takes silence for the end', async () => {
    await chat().start()
    FakeSocket.last.open()
    await vi.advanceTimersByTimeAsync(45_000)
    FakeSocket.last.frame({ type: 'cursor', cursor: '0.0' })
    await vi.advanceTimersByTimeAsync(45_000)
    expect(FakeSocket.all).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(FakeSocket.all.length).toBeGreaterThan(1)
  })

  it('comes back at once for who talks, and within some seconds for who is idle', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const c = chat()
    await c.start()
    FakeSocket.last.open()
    FakeSocket.last.frame({ type: 'cursor', cursor: '0.0' })
    FakeSocket.last.drop()
    await vi.advanceTimersByTimeAsync(7900)
    expect(FakeSocket.all).toHaveLength(1)
    c.send('hello')
    expect(FakeSocket.all).toHaveLength(2)
    FakeSocket.last.open()
    FakeSocket.last.frame({ type: 'cursor', cursor: '0.0' })
    FakeSocket.last.drop()
    await vi.advanceTimersByTimeAsync(1000)
    expect(FakeSocket.all).toHaveLength(3)
    vi.restoreAllMocks()
  })

  it('polls in the end where nothing else gets through', async () => {
    const c = chat()
    await c.start()
    for (let i = 0; i < 4; i++) {
      FakeSocket.last.drop()
      await vi.advanceTimersByTimeAsync(10_000)
    }
    server.say('bot', 'over the last bridge')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(texts(c)).toEqual(['over the last bridge'])
  })

  it('bridges by plain requests while no better way comes up', async () => {
    const c = chat()
    await c.start()
    server.say('bot', 'while the line hangs')
    await vi.advanceTimersByTimeAsync(2400)
    expect(texts(c)).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(texts(c)).toEqual(['while the line hangs'])
    FakeSocket.last.open()
    const calls = server.calls.length
    await vi.advanceTimersByTimeAsync(20_000)
    expect(server.calls.length, 'requests once the line is up').toBe(calls)
  })

  it('takes a line that slept for dead when the visitor comes back', async () => {
    const c = chat()
    await c.start()
    FakeSocket.last.open()
    await vi.advanceTimersByTimeAsync(10_000)
    document.dispatchEvent(new Event('visibilitychange'))
    expect(FakeSocket.all).toHaveLength(1)
    vi.setSystemTime(Date.now() + 3_600_000)
    document.dispatchEvent(new Event('visibilitychange'))
    expect(FakeSocket.all).toHaveLength(2)
    expect(c.view.get().messages).toEqual([])
  })

  it('begins on the next page with what got through here', async () => {
    sessionStorage.setItem('huiyin:hub.example/1:way', 'poll')
    const c = chat()
    await c.start()
    expect(FakeSocket.all).toHaveLength(0)
    server.say('bot', 'by the known way')
    await vi.advanceTimersByTimeAsync(5000)
    expect(texts(c)).toEqual(['by the known way'])
  })

  it('tells once for several that an agent said that they came', async () => {
    const c = chat()
    await c.start()
    FakeSocket.last.open()
    for (const text of ['one', 'two']) FakeSocket.last.frame({ type: 'message', message: server.show(server.say('agent', text)) })
    await vi.advanceTimersByTimeAsync(1000)
    expect(FakeSocket.last.said).toEqual([{ type: 'delivered', cursor: '1.2' }])
    c.seen()
    expect(FakeSocket.last.said[1]).toEqual({ type: 'read', cursor: '1.2' })
  })

  it('begins a new session when the server ends the old one', async () => {
    await chat().start()
    FakeSocket.last.open()
    server.known.clear()
    FakeSocket.last.drop(1008)
    await vi.advanceTimersByTimeAsync(3000)
    expect(FakeSocket.last.protocols[1]).toBe('token.token-2')
  })

  it('shows states, typing and verdicts', async () => {
    const c = chat()
    await c.start()
    FakeSocket.last.open()
    FakeSocket.last.frame({ type: 'state', state: { status: 'queued', queue_position: 3 } })
    FakeSocket.last.frame({ type: 'typing', from: 'agent' })
    expect(c.view.get()).toMatchObject({ standing: { status: 'queued', position: 3 }, typing: 'agent' })
    FakeSocket.last.frame({ type: 'message', message: server.show(server.say('agent', 'hi', { can_rate: true })) })
    expect(c.view.get().typing).toBe('')
    FakeSocket.last.frame({ type: 'message_state', conversation: 1, seq: 1, delivery: 'read', helpful: true })
    expect(c.view.get().messages[0]).toMatchObject({ delivery: 'read', helpful: true })
    FakeSocket.last.frame({ type: 'typing', from: 'bot' })
    await vi.advanceTimersByTimeAsync(7000)
    expect(c.view.get().typing).toBe('')
  })
})

describe('what the visitor writes', () => {
  it('is stored once and in order, whatever is lost on the way', async () => {
    let seed = 11
    const chance = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n
    const c = chat()
    await c.start()
    server.faults = Array.from({ length: 60 }, () => (['none', 'no way there', 'no way back', { status: 503 }] as const)[chance(4)] ?? 'none')
    const wanted = Array.from({ length: 12 }, (_, i) => `message ${i}`)
    for (const text of wanted) c.send(text)
    await vi.advanceTimersByTimeAsync(30 * 60_000)
    expect(server.stored.map((m) => m.text)).toEqual(wanted)
    expect(texts(c)).toEqual(wanted)
    expect(c.view.get().outbox).toEqual([])
    expect(localStorage.getItem('huiyin:hub.example/1:token')).not.toBeNull()
  })

  it('survives a reload before it was sent', async () => {
    const c = chat()
    await c.start()
    server.faults = Array.from({ length: 5 }, () => 'no way there' as const)
    c.send('still here')
    await vi.advanceTimersByTimeAsync(0)
    const again = chat()
    expect(again.view.get().outbox.map((o) => o.text)).toEqual(['still here'])
    server.faults = []
    await again.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.stored.map((m) => m.text)).toEqual(['still here'])
  })

  it('goes under a new token when the server no longer knows the old one', async () => {
    const c = chat()
    await c.start()
    server.known.clear()
    c.send('hello')
    await vi.advanceTimersByTimeAsync(5000)
    expect(server.stored.map((m) => m.text)).toEqual(['hello'])
    expect(server.visitors).toBe(2)
  })

  it('waits as long as the server wishes', async () => {
    const c = chat()
    await c.start()
    server.faults = [{ status: 429, after: 60 }]
    c.send('patience')
    await vi.advanceTimersByTimeAsync(59_000)
    expect(server.stored).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.stored).toHaveLength(1)
  })

  it('stays with the reason when it is refused, until sent again or given up', async () => {
    const c = chat()
    await c.start()
    FakeSocket.last.open()
    server.faults = [{ status: 400, detail: 'too long' }]
    c.send('no')
    await vi.advanceTimersByTimeAsync(20_000)
    const [kept] = c.view.get().outbox
    expect(kept).toMatchObject({ text: 'no', refused: 'too long' })
    server.faults = [{ status: 400, detail: 'still too long' }]
    c.retry(kept?.clientId ?? '')
    await vi.advanceTimersByTimeAsync(0)
    expect(c.view.get().outbox[0]).toMatchObject({ refused: 'still too long' })
    c.discard(kept?.clientId ?? '')
    expect(c.view.get().outbox).toEqual([])
  })
})

describe('what must be worked for', () => {
  it('is worked out and sent once more', async () => {
    server.faults = [{ status: 428, code: 'proof', challenge: { salt: 'abc', bits: 4 } }]
    const proofs: (string | null)[] = []
    const through = server.fetch
    const c = new Chat(new Api(base, '1', 'en', (input, init) => {
      proofs.push(new Headers(init?.headers).get('Huiyin-Proof'))
      return through(input, init)
    }), new Storage(base, '1', localStorage), new Storage(base, '1', sessionStorage), vi.fn())
    chats.push(c)
    vi.useRealTimers()
    await c.start()
    expect(c.view.get().phase).toBe('ready')
    expect(proofs.slice(0, 2)).toEqual([null, expect.stringMatching(/^abc\.\d+$/)])
  })
})

describe('what the visitor presses', () => {
  it('tells the server, and takes a verdict back that did not get there', async () => {
    const c = chat()
    server.say('bot', 'an answer', { can_rate: true })
    await c.start()
    const [answer] = c.view.get().messages
    if (!answer) throw new Error('no answer')
    await c.rate(answer, true)
    expect(server.calls[server.calls.length - 1]).toMatchObject({ path: 'feedback', body: { conversation: 1, seq: 1, helpful: true } })
    expect(c.view.get().messages[0]?.helpful).toBe(true)
    server.faults = [{ status: 500, detail: 'broken' }]
    await c.rate(answer, false)
    expect(c.view.get()).toMatchObject({ notice: 'broken' })
    expect(c.view.get().messages[0]?.helpful).toBeUndefined()
    await c.human()
    expect(server.calls[server.calls.length - 1]).toMatchObject({ path: 'human', body: { language: 'en' } })
  })

  it('loads what was before, once', async () => {
    for (let i = 1; i <= 50; i++) server.say('bot', String(i))
    const c = chat()
    await c.start()
    expect(texts(c)).toHaveLength(30)
    await Promise.all([c.older(), c.older()])
    expect(texts(c)).toEqual(Array.from({ length: 50 }, (_, i) => String(i + 1)))
    expect(c.view.get().more).toBe(false)
  })

  it('says that the visitor types only to an agent, and not at every key', async () => {
    const c = chat()
    await c.start()
    const typed = () => server.calls.filter((call) => call.path === 'typing').length + FakeSocket.last.said.length
    c.typing()
    server.status = 'agent'
    FakeSocket.last.open()
    FakeSocket.last.frame({ type: 'state', state: { status: 'agent' } })
    c.typing()
    c.typing()
    await vi.advanceTimersByTimeAsync(5000)
    c.typing()
    await vi.advanceTimersByTimeAsync(0)
    expect(typed()).toBe(2)
    FakeSocket.last.drop()
    await vi.advanceTimersByTimeAsync(5000)
    c.typing()
    expect(server.calls.filter((call) => call.path === 'typing')).toHaveLength(1)
  })
})
