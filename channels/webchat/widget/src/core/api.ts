import { readAttachment, readConfig, readMessage, readMessages, readStanding, text, webUrl } from './read'
import type { Challenge, Identity } from '../contract'
import type { Attachment, Config, Message, Standing } from './types'
import type { Outgoing } from './outbox'

/** The server's word that it will not do something, or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly words: string,
    readonly after: number,
    readonly code = '',
    /** What is to be worked out before the call is let through. */
    readonly challenge?: Challenge,
    /** Which field of a form it is about. */
    readonly field = '',
  ) {
    super(words || `status ${status}`)
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500
  }

  /** Whether our token is not accepted: a new session may help. */
  get stranger(): boolean {
    return this.status === 401
  }
}

export interface Session {
  token: string
  /** The form is filled in where one is demanded. */
  introduced: boolean
  visitor: string
  config: Config
  /** The same as it came, to be kept. */
  written: string
  cursor: string
  standing: Standing
}

export interface Batch {
  messages: Message[]
  cursor: string
  standing: Standing
  more: boolean
}

export interface SessionRequest {
  token?: string
  language: string
  identity?: Identity
  profile?: Profile
}

/** What visitors say of themselves. */
export interface Profile {
  name?: string
  email?: string
  phone?: string
  consent?: boolean
  fields?: Record<string, string>
}

type Raw = Record<string, unknown>

const patience = 20_000

/** Speaks to /chat/{inbox}. It keeps no state but the token that it is given. */
export class Api {
  token = ''

  constructor(
    readonly base: string,
    private readonly inbox: string,
    /** The tag of the visitor's language. */
    public language: string,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
    /** Whether there is somebody to listen to: a preview has nobody. */
    readonly live = true,
  ) {}

  url(path: string): string {
    return `${this.base}chat/${encodeURIComponent(this.inbox)}/${path}`
  }

  async session(request: SessionRequest): Promise<Session> {
    const r = await this.call('POST', 'session', request)
    this.token = String(r['token'] ?? '')
    return {
      token: this.token,
      introduced: r['introduced'] === true,
      visitor: String(r['visitor'] ?? ''),
      config: readConfig(r['config']),
      written: JSON.stringify(r['config']),
      cursor: String(r['cursor'] ?? ''),
      standing: readStanding(r['state'], this.base),
    }
  }

  /** What came after a place; the server may wait so many seconds for something to come. */
  after(cursor: string, signal?: AbortSignal, wait = 0): Promise<Batch> {
    return this.messages(`messages?after=${encodeURIComponent(cursor)}${wait ? `&wait=${wait}` : ''}`, signal)
  }

  /** The same of one conversation alone. */
  within(conversation: number, cursor: string): Promise<Batch> {
    return this.messages(`messages?after=${encodeURIComponent(cursor)}&conversation=${conversation}`)
  }

  /** An address that the server sent, or '' when it is none of the web. */
  link(url: unknown): string {
    return typeof url === 'string' ? webUrl(url, this.base) : ''
  }

  before(cursor: string): Promise<Batch> {
    return this.messages(`messages?before=${encodeURIComponent(cursor)}`)
  }

  /** The newest messages. */
  newest(): Promise<Batch> {
    return this.messages('messages')
  }

  async send(o: Outgoing): Promise<Message> {
    const r = await this.call('POST', 'messages', {
      client_id: o.clientId,
      text: o.text,
      attachments: o.attachments.map((a) => a.key),
      choice: o.choice,
      language: this.language,
      page: { url: location.href.slice(0, 1000), title: document.title.slice(0, 200) },
    })
    const message = readMessage(r['message'], this.base)
    if (!message) throw new Problem(502, '', 0)
    return message
  }

  typing(): Promise<unknown> {
    return this.call('POST', 'typing', {})
  }

  /** Says up to where everything has arrived, or was read. */
  reached(how: 'delivered' | 'read', cursor: string): Promise<unknown> {
    return this.call('POST', how, { cursor })
  }

  human(): Promise<unknown> {
    return this.call('POST', 'human', { language: this.language })
  }

  feedback(m: Message, helpful: boolean, reason?: string): Promise<unknown> {
    return this.call('POST', 'feedback', { conversation: Number(m.conversation), seq: Number(m.seq), helpful, reason })
  }

  /** Uploads a file and tells how much of it has gone; the signal gives it up. */
  upload(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('POST', this.url('files'))
      for (const [name, value] of Object.entries(this.headers())) request.setRequestHeader(name, value)
      request.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total)
      request.onerror = () => reject(new Problem(0, '', 0))
      request.onabort = () => reject(new DOMException('given up', 'AbortError'))
      request.onload = () => {
        const body = parse(request.responseText)
        const file = readAttachment(body, this.base)
        if (request.status < 300 && file) resolve(file)
        else reject(problem(request.status, body, request.getResponseHeader('Retry-After')))
      }
      signal.addEventListener('abort', () => request.abort())
      const form = new FormData()
      form.append('file', file, file.name)
      request.send(form)
    })
  }

  headers(): Record<string, string> {
    const language = { 'Accept-Language': this.language }
    return this.token ? { ...language, Authorization: `Bearer ${this.token}` } : language
  }

  private async messages(path: string, signal?: AbortSignal): Promise<Batch> {
    const r = await this.call('GET', path, undefined, signal)
    return {
      messages: readMessages(r['messages'], this.base),
      cursor: String(r['cursor'] ?? ''),
      standing: readStanding(r['state'], this.base),
      more: r['more'] === true,
    }
  }

  /** Makes a call; where the hub wants work done first, does it and calls again. */
  async call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Raw> {
    try {
      return await this.once(method, path, body, signal)
    } catch (error) {
      if (!(error instanceof Problem) || !error.challenge) throw error
      const { solve } = await import('../later/proof')
      return this.once(method, path, body, signal, await solve(error.challenge))
    }
  }

  private async once(method: string, path: string, body: unknown, signal?: AbortSignal, proof = ''): Promise<Raw> {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), patience)
    signal?.addEventListener('abort', () => stop.abort())
    let response: Response
    let answer: Raw
    try {
      response = await this.fetcher(this.url(path), {
        method,
        headers: { ...this.headers(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(proof ? { 'Huiyin-Proof': proof } : {}) },
        credentials: 'omit',
        signal: stop.signal,
        // What is said goes out even when the page is left at that moment.
        ...(body === undefined ? {} : { body: JSON.stringify(body), keepalive: path === 'messages' }),
      })
      answer = parse(await response.text())
    } catch {
      throw new Problem(0, '', 0)
    } finally {
      clearTimeout(timer)
    }
    if (!response.ok) throw problem(response.status, answer, response.headers.get('Retry-After'))
    return answer
  }
}

function parse(text: string): Raw {
  try {
    const found: unknown = JSON.parse(text)
    return typeof found === 'object' && found !== null ? (found as Raw) : {}
  } catch {
    return {}
  }
}

function problem(status: number, body: Raw, retryAfter: string | null): Problem {
  const words = text(body['detail']) || text(body['title'])
  const asked = body['challenge'] as Partial<Challenge> | undefined
  const challenge = typeof asked?.salt === 'string' && typeof asked.bits === 'number' ? { salt: asked.salt, bits: asked.bits } : undefined
  return new Problem(status, words, (Number(retryAfter) || 0) * 1000, text(body['code']), challenge, text(body['field']))
}
