import type { EventPage, StreamEvent } from '../api/types'
import { backoff, Sequence } from './sequence'
import type { Frame, Hint, Transport } from './transport'

export type FeedState = 'connecting' | 'live' | 'polling' | 'offline'

export interface FeedOptions {
  transports: Transport[]
  /** One page of events after a number; without a number it only tells where the stream stands. */
  page: (after?: number) => Promise<EventPage>
  event: (event: StreamEvent) => void
  hint: (hint: Hint) => void
  /** Older events are gone: everything on screen must be loaded afresh. */
  reset: () => void
  state: (state: FeedState) => void
  later: (run: () => void, ms: number) => () => void
  chance: () => number
}

const pollEvery = 3_000
const quietFor = 30_000
const triesPerTransport = 2

/** Follows the event stream over the best transport that works, for as long as the page lives. */
export class Feed {
  private readonly sequence: Sequence
  private close: () => void = () => undefined
  private cancel: () => void = () => undefined
  private transport = 0
  private failures = 0
  private stopped = false
  private up = false
  private filling: Promise<boolean> | null = null

  constructor(start: number, private readonly options: FeedOptions) {
    this.sequence = new Sequence(start, options.event)
  }

  start(): void {
    this.stopped = false
    this.connect()
  }

  stop(): void {
    this.stopped = true
    this.close()
    this.cancel()
  }

  /** The network came back: a connection from before may be dead without knowing it, so a new one is opened. */
  renew(): void {
    if (this.stopped) return
    this.close()
    this.cancel()
    this.connect()
  }

  /** The network is gone, whatever the open connection believes. */
  away(): void {
    if (!this.stopped) this.options.state('offline')
  }

  /** Checks at once that nothing was missed: after sleep, or when the network came back. */
  async check(): Promise<void> {
    if (!this.stopped) await this.fill()
  }

  private connect(): void {
    if (this.stopped) return
    this.close()
    const open = this.options.transports[this.transport]
    if (!open) return void this.poll()
    let opened = false
    this.up = false
    this.close = open(this.sequence.last, {
      open: () => {
        opened = true
        this.up = true
        this.failures = 0
        this.options.state('live')
        this.watch()
      },
      frame: (frame) => this.take(frame),
      closed: () => this.lost(opened),
    })
  }

  private take(frame: Frame): void {
    this.watch()
    if (frame.kind === 'reset') return void this.startOver().catch(() => this.options.state('offline'))
    if (frame.n === undefined) return this.options.hint(frame as Hint)
    if (this.sequence.take(frame as StreamEvent)) void this.fill()
  }

  private lost(opened: boolean): void {
    this.up = false
    this.cancel()
    if (this.stopped) return
    this.failures = opened ? 0 : this.failures + 1
    this.options.state('connecting')
    this.cancel = this.options.later(() => void this.again(), backoff(this.failures, this.options.chance()))
  }

  /** Only a server that answers by plain HTTP proves that it is the transport that does not work. */
  private async again(): Promise<void> {
    const reachable = this.failures > 0 && (await this.fill())
    if (reachable && this.failures >= triesPerTransport && this.transport < this.options.transports.length) {
      this.transport++
      this.failures = 0
    }
    this.connect()
  }

  /** A connection that has been silent for long may be dead without knowing it: ask by plain HTTP. */
  private watch(): void {
    this.cancel()
    this.cancel = this.options.later(() => void this.fill().then(() => { if (this.up) this.watch() }), quietFor)
  }

  private async poll(): Promise<void> {
    await this.fill()
    if (this.stopped) return
    this.failures++
    // Now and then the better transports get another chance.
    if (this.failures > 20) {
      this.transport = 0
      this.failures = 0
      return this.connect()
    }
    this.cancel = this.options.later(() => void this.poll(), pollEvery)
  }

  /** Reads what is missing; false when the server could not be asked. */
  private fill(): Promise<boolean> {
    this.filling ??= this.readPages().finally(() => { this.filling = null })
    return this.filling
  }

  private async readPages(): Promise<boolean> {
    try {
      for (;;) {
        const page = await this.options.page(this.sequence.last)
        if (page.reset) { await this.startOver(); return true }
        if (!this.sequence.fill(page)) break
      }
      if (this.up) this.options.state('live')
      else if (this.transport >= this.options.transports.length) this.options.state('polling')
      return true
    } catch {
      this.sequence.abandon()
      this.options.state('offline')
      return false
    }
  }

  private async startOver(): Promise<void> {
    const page = await this.options.page()
    this.sequence.restart(page.last)
    this.options.reset()
  }
}
