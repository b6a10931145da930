import { alone } from './alone'
import { Problem, type Api, type Batch, type Profile, type SessionRequest } from './api'
import { compareCursors, isCursor, laterCursor } from './cursor'
import { applyState, countUnread, lastCursor, mergeMessages } from './messages'
import { readConfig, readFrame } from './read'
import { Sender } from './sender'
import type { Storage } from './storage'
import { emptyView, nowhere, Store, type View } from './store'
import { Stream } from './stream'
import type { Boot, Identity } from '../contract'
import type { Attachment, Message } from './types'

const typingShown = 6000
const typingEvery = 4000
/** So long after a word, in ms, a visitor counts as talking. */
const talkFor = 120_000

/** One visitor's chat: session, stream, outbox and what the panel shows of them. */
export class Chat {
  readonly view = new Store<View>(emptyView)
  private readonly sender: Sender
  private readonly stream: Stream
  private cursor = ''
  private started: Promise<void> | undefined
  private identity: Identity | undefined
  private profile: Profile | undefined
  private readonly unwatch: () => void
  private typingTimer: ReturnType<typeof setTimeout> | undefined
  private arrivedTimer: ReturnType<typeof setTimeout> | undefined
  private typingSent = 0
  private readSent = ''
  private lastAt = 0

  constructor(
    readonly api: Api,
    private readonly storage: Storage,
    private readonly tab: Storage,
    private readonly emit: Boot['emit'],
    /** Called at the visitor's first word here. */
    private readonly began: () => void = () => undefined,
  ) {
    this.sender = new Sender(api, storage, {
      changed: (outbox) => this.view.set({ outbox }),
      sent: (message) => this.take([message], 'sent'),
      stranger: () => this.renew(),
    })
    const listener = {
      cursor: () => this.cursor,
      frame: (data: string) => this.frame(data),
      polled: (batch: Batch) => this.polled(batch),
      link: (up: boolean) => this.view.set({ up }),
      talking: () => Date.now() - Math.max(this.lastAt, this.view.get().messages.at(-1)?.at ?? 0) < talkFor,
      stranger: () => void this.renew().catch(() => undefined),
    }
    this.stream = new Stream(api, listener, { load: () => tab.get('way'), save: (way) => tab.set('way', way === 'socket' ? null : way) })
    const config = storage.get('config')
    this.view.set({
      outbox: this.sender.box,
      readTo: storage.get('read') ?? '',
      introduced: storage.get('introduced') === '1',
      ...(config ? { config: readConfig(parse(config)) } : {}),
    })
    this.unwatch = storage.watch((name, value) => this.otherTab(name, value))
  }

  /** Begins the session; calling it again changes nothing unless it failed. */
  start(identity?: Identity): Promise<void> {
    if (identity) this.identity = identity
    this.started ??= this.begin().catch((error: unknown) => {
      this.started = undefined
      const refused = error instanceof Problem && error.code === 'origin'
      this.view.set({ phase: 'failed', failure: words(error), refused })
      this.emit('error', error)
    })
    return this.started
  }

  /** Takes over who the site says the visitor is. */
  async identify(identity: Identity): Promise<void> {
    this.identity = identity
    if (!this.started) return
    await this.started
    await this.restart()
  }

  /** Forgets the visitor and what they had not sent yet; the next one starts anew. */
  async reset(): Promise<void> {
    await this.started
    this.identity = this.profile = undefined
    this.view.set({ known: false })
    for (const o of this.sender.box) this.sender.discard(o.clientId)
    for (const name of ['token', 'read', 'introduced', 'draft']) this.storage.set(name, null)
    this.view.set({ introduced: false })
    if (this.started) await this.restart()
  }

  /** Takes over what the visitor says of themselves before the first message. */
  async introduce(profile: Profile): Promise<void> {
    await this.establish(profile)
    this.profile = profile
    this.storage.set('introduced', '1')
    this.view.set({ introduced: true })
  }

  /** Takes over what the site says the visitor said of themselves; it asks nothing less. */
  async describe(profile: Profile): Promise<void> {
    this.profile = profile
    if (this.started) await this.renew()
  }

  /** Goes on in another language. */
  async speak(tag: string): Promise<void> {
    if (tag === this.api.language) return
    this.api.language = tag
    if (this.started) await this.renew()
  }

  /** Keeps things in the browser from now on, or nothing any more. Who was here before is known again, unless they have begun anew. */
  async keep(local: globalThis.Storage | undefined, session: globalThis.Storage | undefined): Promise<void> {
    const { messages, outbox } = this.view.get()
    if (local && messages.length + outbox.length === 0) for (const name of ['token', 'read', 'introduced']) this.storage.set(name, null)
    this.storage.use(local)
    this.tab.use(session)
    const token = this.storage.get('token')
    if (token && token !== this.api.token && this.started) await this.restart()
    else if (this.api.token) this.storage.set('token', this.api.token)
  }

  /** Ends everything that goes on by itself. */
  close(): void {
    this.unwatch()
    this.stream.close()
    this.sender.close()
    clearTimeout(this.typingTimer)
    clearTimeout(this.arrivedTimer)
  }

  send(text: string, more: { attachments?: Attachment[]; choice?: string } = {}): void {
    const { attachments = [], ...rest } = more
    const now = Date.now()
    this.began()
    this.lastAt = Math.max(now, this.lastAt + 1)
    this.sender.add({ clientId: newId(), text, attachments, at: this.lastAt, tries: 0, due: now, ...rest })
    this.typingSent = 0
    this.stream.hurry()
  }

  retry(clientId: string): void {
    this.sender.retry(clientId)
    this.stream.nudge()
  }

  discard(clientId: string): void {
    this.sender.discard(clientId)
  }

  upload(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
    return this.api.upload(file, progress, signal)
  }

  /** Tells the agent that the visitor is writing, now and then. */
  typing(): void {
    const now = Date.now()
    if (this.view.get().standing.status !== 'agent' || now - this.typingSent < typingEvery) return
    this.typingSent = now
    if (!this.stream.say({ type: 'typing' })) void this.api.typing().catch(() => undefined)
  }

  async human(): Promise<void> {
    await this.try(() => this.api.human())
  }

  async rate(m: Message, helpful: boolean, reason?: string): Promise<void> {
    const before = this.view.get().messages
    this.view.set({ messages: applyState(before, { ...m, delivery: '', helpful }) })
    if (!(await this.try(() => this.api.feedback(m, helpful, reason)))) this.view.set({ messages: mergeMessages(this.view.get().messages, [m]) })
  }

  /** The visitor has everything up to here before their eyes. */
  seen(): void {
    const { messages, readTo } = this.view.get()
    const last = lastCursor(messages)
    if (last === '' || document.visibilityState === 'hidden') return
    const to = laterCursor(last, readTo)
    if (to !== readTo) this.setRead(to)
    if (to === this.readSent) return
    this.readSent = to
    this.reach('read', to, () => (this.readSent = ''))
  }

  private reach(how: 'delivered' | 'read', cursor: string, failed: () => void = () => undefined): void {
    if (!this.stream.say({ type: how, cursor })) void this.api.reached(how, cursor).catch(failed)
  }

  async older(): Promise<void> {
    const { messages, more, loadingOlder } = this.view.get()
    const first = messages[0]
    if (!more || loadingOlder || !first) return
    this.view.set({ loadingOlder: true })
    await this.try(async () => {
      const batch = await this.api.before(first.cursor)
      this.view.set({ messages: mergeMessages(this.view.get().messages, batch.messages), more: batch.more })
    })
    this.view.set({ loadingOlder: false })
  }

  /** Quiet: without taking the focus from the page. */
  setOpen(open: boolean, quiet: boolean): void {
    this.view.set({ open, quiet })
  }

  clearNotice(): void {
    this.view.set({ notice: '' })
  }

  private async begin(): Promise<void> {
    this.view.set({ phase: 'starting', failure: '', refused: false })
    await this.establish()
    this.apply(await this.api.newest())
    this.view.set({ phase: 'ready' })
    this.stream.start()
    this.sender.kick()
    this.emit('ready')
  }

  private async restart(): Promise<void> {
    this.stream.close()
    this.cursor = ''
    this.readSent = ''
    this.view.set({ messages: [], more: false, standing: nowhere })
    this.started = undefined
    await this.start()
  }

  /** Gets a token; tabs take turns so that one visitor stays one. */
  private establish(form?: Profile): Promise<void> {
    return alone(this.storage, 'session', async () => {
      const token = this.storage.get('token')
      const session = await this.ask(token, form)
      this.storage.set('token', session.token)
      if (session.token !== token && token) this.setRead('')
      this.storage.set('config', session.written)
      this.view.set({ config: session.config, standing: session.standing, known: session.config.identified })
      if (session.config.preChat === 'required') this.view.set({ introduced: session.introduced })
    })
  }

  /** Begins a session. What the page says of the visitor and the hub does not take is left out; a form's faults are the visitor's to mend. */
  private async ask(token: string | null, form?: Profile): ReturnType<Api['session']> {
    const { identity } = this
    const profile = form ?? this.profile
    const request: SessionRequest = {
      ...(token ? { token } : {}),
      language: this.api.language,
      ...(profile ? { profile } : {}),
      ...(identity ? { identity } : {}),
    }
    try {
      return await this.api.session(request)
    } catch (error) {
      if (!(error instanceof Problem) || error.passing || !(identity || (profile && !form))) throw error
      this.emit('error', error)
      if (error.code === 'identity') this.emit('expired')
      if (identity) this.identity = undefined
      else this.profile = undefined
      return this.ask(token, form)
    }
  }

  private async renew(): Promise<void> {
    await this.establish()
    this.stream.nudge()
  }

  private apply(batch: Batch): void {
    const { readTo } = this.view.get()
    this.take(batch.messages, 'history')
    if (isCursor(batch.cursor)) this.cursor = laterCursor(batch.cursor, this.cursor)
    this.view.set({ more: batch.more, standing: batch.standing })
    if (readTo === '') this.setRead(lastCursor(this.view.get().messages))
  }

  private polled(batch: Batch): void {
    this.take(batch.messages, 'live')
    if (isCursor(batch.cursor)) this.cursor = laterCursor(batch.cursor, this.cursor)
    this.view.set({ standing: batch.standing })
  }

  private frame(data: string): void {
    const frame = readFrame(data, this.api.base)
    switch (frame?.type) {
      case 'message':
        this.cursor = laterCursor(frame.message.cursor, this.cursor)
        this.take([frame.message], 'live')
        break
      case 'message_state':
        this.view.set({ messages: applyState(this.view.get().messages, frame) })
        break
      case 'state':
        this.view.set({ standing: frame.state })
        break
      case 'typing':
        this.showTyping(frame.from)
        break
      case 'cursor':
        this.cursor = laterCursor(frame.cursor, this.cursor)
    }
  }

  private take(messages: Message[], how: 'history' | 'live' | 'sent'): void {
    const view = this.view.get()
    const known = new Set(view.messages.map((m) => m.cursor))
    const merged = mergeMessages(view.messages, messages)
    const news = messages.filter((m) => !known.has(m.cursor))
    this.view.set({ messages: merged, unread: countUnread(merged, view.readTo) })
    this.sender.arrived(messages.filter((m) => m.clientId !== ''))
    if (how === 'history') return
    this.arrived(news)
    if (news.some((m) => m.from === 'bot' || m.from === 'agent')) this.showTyping('')
    for (const m of news) this.emit(m.from === 'contact' ? 'sent' : 'message', { from: m.from, text: m.text, cursor: m.cursor })
  }

  /** Tells, a moment later and once for all that came, that it came. */
  private arrived(news: readonly Message[]): void {
    const last = lastCursor(news.filter((m) => m.from === 'agent'))
    if (last === '') return
    clearTimeout(this.arrivedTimer)
    this.arrivedTimer = setTimeout(() => compareCursors(last, this.readSent || '0.0') > 0 && this.reach('delivered', last), 500)
  }

  private showTyping(from: View['typing']): void {
    clearTimeout(this.typingTimer)
    this.view.set({ typing: from })
    if (from) this.typingTimer = setTimeout(() => this.view.set({ typing: '' }), typingShown)
  }

  private setRead(readTo: string): void {
    this.storage.set('read', readTo || null)
    this.view.set({ readTo, unread: countUnread(this.view.get().messages, readTo) })
  }

  private otherTab(name: string, value: string | null): void {
    if (name.startsWith('outbox:')) {
      this.view.set({ outbox: this.sender.box })
      this.sender.kick()
      if (value === null && this.stream.way !== 'socket') void this.catchUp()
    }
    if (name === 'read' && value) {
      const readTo = laterCursor(value, this.view.get().readTo)
      this.view.set({ readTo, unread: countUnread(this.view.get().messages, readTo) })
    }
    const token = name === 'token' && this.storage.get('token')
    if (token && this.api.token && token !== this.api.token) void this.restart()
  }

  /** Another tab has sent something: it shows here now, not at the next look. */
  private async catchUp(): Promise<void> {
    await this.api.after(this.cursor).then((batch) => this.polled(batch), () => undefined)
  }

  /** Does something the visitor asked for; when it fails they are told in words. */
  async try(fn: () => Promise<unknown>): Promise<boolean> {
    try {
      await fn()
      return true
    } catch (error) {
      this.view.set({ notice: words(error) || 'failed' })
      return false
    }
  }
}

function words(error: unknown): string {
  return error instanceof Problem ? error.words : ''
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** A new id for something that may be sent more than once. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
}
