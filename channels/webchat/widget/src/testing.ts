/** The server's side of the protocol for tests: in memory, over fetch, with faults on demand. Not part of the widget. */
/** What may happen to a request: it is lost on the way, its answer is, or it is refused. */
export type Fault = 'no way there' | 'no way back' | 'none' | { status: number; detail?: string; after?: number; code?: string; field?: string; challenge?: object }

interface Stored {
  conversation: number
  seq: number
  from: string
  text: string
  client_id?: string
  choices?: { label: string; value: string }[]
  can_rate?: boolean
  helpful?: boolean
  html?: string
  article?: number
  attachments?: object[]
  author?: object
}

export class FakeServer {
  readonly stored: Stored[] = []
  readonly calls: { method: string; path: string; body: Record<string, unknown>; token: string }[] = []
  status = 'bot'
  config: Record<string, unknown> = { name: 'Shop', greeting: 'Hello', bot: true, languages: ['zh-CN', 'en'], quick_replies: ['Hours?'] }
  visitors = 0
  known = new Set<string>()
  /** What is answered to other calls, by method and path. */
  replies: Record<string, unknown> = {}
  state: Record<string, unknown> = {}
  /** What the next requests meet, in this order; an empty list means no faults. */
  faults: Fault[] = []

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input))
    const path = url.pathname.split('/').slice(3).join('/')
    const fault = this.faults.shift()
    if (fault === 'no way there') throw new TypeError('failed to fetch')
    const answer = fault && typeof fault === 'object' ? problem(fault) : this.answer(path, url, init)
    if (fault === 'no way back') throw new TypeError('failed to fetch')
    return answer
  }

  /** What the bot or an agent says. */
  say(from: string, text: string, more: Partial<Stored> = {}): Stored {
    const message = { conversation: 1, seq: this.stored.length + 1, from, text, ...more }
    this.stored.push(message)
    return message
  }

  private answer(path: string, url: URL, init: RequestInit | undefined): Response {
    const body = JSON.parse(String(init?.body ?? '{}')) as Record<string, unknown>
    const token = new Headers(init?.headers).get('Authorization')?.replace('Bearer ', '') ?? ''
    this.calls.push({ method: init?.method ?? 'GET', path, body, token })
    if (path === 'session') return this.session(body)
    if (!this.known.has(token)) return problem({ status: 401, detail: 'unknown' })
    if (path === 'messages' && init?.method === 'POST') return this.take(body)
    if (path === 'messages') return this.list(url)
    const reply = this.replies[`${init?.method ?? 'GET'} ${path}`]
    return reply === undefined ? new Response(null, { status: 204 }) : Response.json(reply)
  }

  private session(body: Record<string, unknown>): Response {
    let token = String(body['token'] ?? '')
    if (!this.known.has(token)) token = `token-${++this.visitors}`
    this.known.add(token)
    return Response.json({ token, visitor: token, cursor: this.cursor(), config: this.config, introduced: body['profile'] !== undefined, state: this.standing })
  }

  private get standing(): object {
    return { status: this.status, ...this.state }
  }

  private take(body: Record<string, unknown>): Response {
    const clientId = String(body['client_id'])
    const message = this.stored.find((m) => m.client_id === clientId) ?? this.say('contact', String(body['text']), { client_id: clientId })
    return Response.json({ message: this.show(message), cursor: this.cursor() }, { status: 201 })
  }

  private list(url: URL): Response {
    const after = Number(url.searchParams.get('after')?.split('.')[1] ?? 0)
    const before = Number(url.searchParams.get('before')?.split('.')[1] ?? Infinity)
    const found = this.stored.filter((m) => m.seq > after && m.seq < before)
    const page = url.searchParams.has('after') ? found : found.slice(-30)
    return Response.json({ messages: page.map((m) => this.show(m)), cursor: this.cursor(), more: page.length < found.length, state: this.standing })
  }

  show(m: Stored): object {
    return { ...m, cursor: `${m.conversation}.${m.seq}`, at: new Date(1_790_000_000_000 + m.seq * 1000).toISOString() }
  }

  private cursor(): string {
    return this.stored.length === 0 ? '0.0' : `1.${this.stored.length}`
  }
}

function problem({ after, ...body }: Extract<Fault, object>): Response {
  return Response.json(body, { status: body.status, headers: after ? { 'Retry-After': String(after) } : {} })
}

/** Locks as browsers have them on pages with https. */
export function fakeLocks(): void {
  const tails = new Map<string, Promise<unknown>>()
  const request = (name: string, fn: () => Promise<unknown>): Promise<unknown> => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(fn)
    tails.set(name, turn.catch(() => undefined))
    return turn
  }
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
}

/** A WebSocket that the test holds the other end of. */
export class FakeSocket {
  static readonly OPEN = 1
  static all: FakeSocket[] = []
  readonly said: object[] = []
  readyState = 0
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.all.push(this)
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.all[FakeSocket.all.length - 1]
    if (!socket) throw new Error('no socket was opened')
    return socket
  }

  /** Comes up, and says as the server does where things stand. */
  open(): void {
    this.readyState = FakeSocket.OPEN
    this.frame({ type: 'cursor', cursor: '0.0' })
  }

  send(word: string): void {
    this.said.push(JSON.parse(word) as object)
  }

  frame(content: object): void {
    this.onmessage?.({ data: JSON.stringify(content) })
  }

  drop(code = 1006): void {
    this.readyState = 3
    this.onclose?.({ code })
  }

  close(): void {
    this.drop(1000)
  }
}
