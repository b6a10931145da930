import { backoff, comeBack } from './backoff'
import { ended, top, type Ladder, type Way } from './ladder'
import { Poller } from './poller'
import { EventParser } from './sse'
import type { Api, Batch } from './api'

/** What a stream tells its owner. */
export interface Listener {
  /** Where to resume from. */
  cursor(): string
  frame(data: string): void
  /** Messages by plain requests. */
  polled(batch: Batch): void
  link(up: boolean): void
  /** Whether the visitor talks, and so should not wait for the line to come back. */
  talking(): boolean
  /** The token is not accepted. */
  stranger(): void
}

/** Where the way that worked is kept for the next page. */
export interface Memory {
  load(): string | null
  save(way: Way): void
}

const openPatience = 8000
const silence = 50_000
/** A device that slept notices nothing: who comes back to a connection that was silent for so long gets a new one. */
const doubtful = 25_000
/** While a stream does not come up, plain requests bridge the gap after so long. */
const bridgeAfter = 2500

/**
 * Listens to the server by the best way that works and comes back after every interruption, resuming from
 * the listener's cursor. Losing the connection costs time, never a message.
 */
export class Stream {
  private ladder: Ladder = top
  private running = false
  private stop: (() => void) | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private heard = 0
  private talk: ((word: object) => boolean) | undefined
  private readonly poller: Poller

  constructor(
    private readonly api: Api,
    private readonly listener: Listener,
    private readonly memory: Memory = { load: () => null, save: () => undefined },
  ) {
    this.poller = new Poller(api, { cursor: () => listener.cursor(), polled: (batch) => listener.polled(batch) })
  }

  /** The way that is in use, best to worst: socket, events, poll. */
  get way(): Way {
    return this.ladder.way
  }

  /** Says a word over the open line; false when there is none, and a request must carry it. */
  say(word: { type: 'typing' } | { type: 'delivered' | 'read'; cursor: string }): boolean {
    return this.talk?.(word) ?? false
  }

  start(): void {
    if (this.running || !this.api.live) return
    this.running = true
    const known = this.memory.load()
    if (known === 'events' || known === 'poll') this.ladder = { way: known, failures: 0, since: Date.now() }
    window.addEventListener('online', this.nudge)
    window.addEventListener('pageshow', this.nudge)
    document.addEventListener('visibilitychange', this.nudge)
    this.connect()
  }

  close(): void {
    this.running = false
    window.removeEventListener('online', this.nudge)
    window.removeEventListener('pageshow', this.nudge)
    document.removeEventListener('visibilitychange', this.nudge)
    clearTimeout(this.timer)
    this.stop?.()
    this.stop = undefined
  }

  /** Tries at once instead of waiting: the network or the visitor came back. */
  readonly nudge = (): void => {
    if (!this.running || document.visibilityState === 'hidden') return
    if (this.stop && Date.now() - this.heard < doubtful) return
    this.stop?.()
    clearTimeout(this.timer)
    this.connect()
  }

  /** Tries at once where it waits for the time to try again: the visitor talks. */
  hurry(): void {
    if (!this.running || this.stop) return
    clearTimeout(this.timer)
    this.connect()
  }

  private connect(): void {
    const way = { socket: this.socket, events: this.events, poll: this.poll }[this.ladder.way]
    let opened = false
    let over = false
    let end = (): void => undefined
    let quiet = setTimeout(() => finish(), openPatience)
    const bridge = this.ladder.way === 'poll' ? undefined : this.bridge()
    this.heard = Date.now()
    const finish = (): void => {
      if (over) return
      over = true
      clearTimeout(quiet)
      bridge?.()
      end()
      this.stop = undefined
      if (!this.running) return
      this.listener.link(false)
      this.ladder = ended(this.ladder, opened, Date.now())
      this.memory.save(this.ladder.way)
      const wait = opened ? comeBack(this.listener.talking(), Math.random()) : backoff(this.ladder.failures, Math.random())
      this.timer = setTimeout(() => this.connect(), wait)
    }
    const alive = (): void => {
      if (over) return
      bridge?.()
      if (!opened) this.listener.link(true)
      opened = true
      this.heard = Date.now()
      clearTimeout(quiet)
      quiet = setTimeout(finish, silence)
    }
    this.stop = finish
    end = way.call(this, alive, finish)
  }

  /** Asks by plain requests until told to stop: what holds the stream back may let them through. */
  private bridge(): () => void {
    const stop = new AbortController()
    const timer = setTimeout(() => void this.poller.run(stop.signal, false).catch(() => undefined), bridgeAfter)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
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
    this.talk = (word) => {
      if (socket.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(word))
      return true
    }
    socket.onmessage = (event) => {
      alive()
      if (typeof event.data === 'string') this.listener.frame(event.data)
    }
    socket.onclose = (event) => {
      if (event.code === 4401 || event.code === 1008) this.listener.stranger()
      finish()
    }
    return () => {
      this.talk = undefined
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
    void this.poller.run(stop.signal, true, alive).catch(() => undefined).then(finish)
    return () => stop.abort()
  }
}
