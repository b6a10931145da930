import { backoff } from './backoff'
import { ended, top, type Ladder } from './ladder'
import { EventParser } from './sse'
import type { Api } from './api'

/** What a stream tells its owner. */
export interface Listener {
  /** Where to resume from. */
  cursor(): string
  frame(data: string): void
  /** Messages by plain polling. */
  polled(batch: Awaited<ReturnType<Api['after']>>): void
  link(up: boolean): void
  /** The token is not accepted. */
  stranger(): void
}

const openPatience = 8000
const silence = 50_000
const pollVisible = 3000
const pollHidden = 15_000

/**
 * Listens to the server by the best way that works and comes back after every interruption, resuming from
 * the listener's cursor. Losing the connection costs time, never a message.
 */
export class Stream {
  private ladder: Ladder = top
  private running = false
  private stop: (() => void) | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly api: Api,
    private readonly listener: Listener,
  ) {}

  start(): void {
    if (this.running) return
    this.running = true
    window.addEventListener('online', this.nudge)
    document.addEventListener('visibilitychange', this.nudge)
    this.connect()
  }

  close(): void {
    this.running = false
    window.removeEventListener('online', this.nudge)
    document.removeEventListener('visibilitychange', this.nudge)
    clearTimeout(this.timer)
    this.stop?.()
    this.stop = undefined
  }

  /** Tries at once instead of waiting: the network or the visitor came back. */
  readonly nudge = (): void => {
    if (!this.running || this.stop || document.visibilityState === 'hidden') return
    clearTimeout(this.timer)
    this.connect()
  }

  private connect(): void {
    const way = { socket: this.socket, events: this.events, poll: this.poll }[this.ladder.way]
    let opened = false
    let over = false
    let quiet: ReturnType<typeof setTimeout> | undefined
    const finish = (): void => {
      if (over) return
      over = true
      clearTimeout(quiet)
      end()
      this.stop = undefined
      if (!this.running) return
      this.listener.link(false)
      this.ladder = ended(this.ladder, opened, Date.now())
      this.timer = setTimeout(() => this.connect(), backoff(this.ladder.failures, Math.random()))
    }
    const alive = (): void => {
      if (over) return
      if (!opened) this.listener.link(true)
      opened = true
      clearTimeout(quiet)
      quiet = setTimeout(finish, silence)
    }
    quiet = setTimeout(finish, openPatience)
    const end = way.call(this, alive, finish)
    this.stop = finish
  }

  private socket(alive: () => void, finish: () => void): () => void {
    const url = this.api.url(`stream?after=${encodeURIComponent(this.listener.cursor())}`).replace(/^http/, 'ws')
    let socket: WebSocket
    try {
      socket = new WebSocket(url, ['huiyin.v1', `token.${this.api.token}`])
    } catch {
      setTimeout(finish)
      return () => undefined
    }
    socket.onopen = alive
    socket.onmessage = (event) => {
      alive()
      if (typeof event.data === 'string') this.listener.frame(event.data)
    }
    socket.onclose = (event) => {
      if (event.code === 4401) this.listener.stranger()
      finish()
    }
    return () => {
      socket.onclose = null
      socket.close()
    }
  }

  private events(alive: () => void, finish: () => void): () => void {
    const stop = new AbortController()
    void this.readEvents(alive, stop.signal).catch(() => undefined).then(finish)
    return () => stop.abort()
  }

  private async readEvents(alive: () => void, signal: AbortSignal): Promise<void> {
    const url = this.api.url(`stream?after=${encodeURIComponent(this.listener.cursor())}`)
    const headers = { ...this.api.headers(), Accept: 'text/event-stream' }
    const response = await fetch(url, { headers, credentials: 'omit', signal })
    if (response.status === 401) this.listener.stranger()
    const reader = response.ok ? response.body?.getReader() : undefined
    if (!reader) return
    const words = new TextDecoder()
    const parser = new EventParser((data) => this.listener.frame(data))
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      alive()
      parser.push(words.decode(value, { stream: true }))
    }
  }

  private poll(alive: () => void, finish: () => void): () => void {
    const stop = new AbortController()
    void this.pollOn(alive, stop.signal).catch(() => undefined).then(finish)
    return () => stop.abort()
  }

  private async pollOn(alive: () => void, signal: AbortSignal): Promise<void> {
    for (const until = Date.now() + 60_000; Date.now() < until && !signal.aborted; ) {
      this.listener.polled(await this.api.after(this.listener.cursor(), signal))
      alive()
      await new Promise((resolve) => setTimeout(resolve, document.visibilityState === 'hidden' ? pollHidden : pollVisible))
    }
  }
}
