import { Problem, type Api } from './api'
import { acknowledge, discard, enqueue, fail, nextToSend, readOutbox, retryNow, wake, type Fault, type Outgoing } from './outbox'
import { alone } from './alone'
import type { Storage } from './storage'
import type { Message } from './types'

const shelf = 'outbox:'

/** What the sender tells its owner. */
export interface SenderEvents {
  changed(box: Outgoing[]): void
  sent(message: Message): void
  /** The token is not accepted; resolves when there is a new one. */
  stranger(): Promise<void>
}

/**
 * Sends the outbox in its order, one message at a time, until the server has acknowledged each. The outbox
 * is kept where all tabs of the site see it; one tab sends at a time, and each message keeps its client id.
 * Each message is stored by itself: a list would be lost to another tab that wrote an older copy of it.
 */
export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined
  private renewed = false
  private closed = false

  constructor(
    private readonly api: Api,
    private readonly storage: Storage,
    private readonly events: SenderEvents,
  ) {
    window.addEventListener('online', this.wake)
    window.addEventListener('pageshow', this.wake)
  }

  /** What waits for another try is due: the network or the page is back. */
  private readonly wake = (): void => this.change((box) => wake(box, Date.now()))

  /** Sends nothing more from this page. */
  close(): void {
    window.removeEventListener('online', this.wake)
    window.removeEventListener('pageshow', this.wake)
    clearTimeout(this.timer)
    this.closed = true
  }

  get box(): Outgoing[] {
    return readOutbox(this.storage.list(shelf))
  }

  add(next: Outgoing): void {
    this.change((box) => enqueue(box, next))
  }

  retry(clientId: string): void {
    this.change((box) => retryNow(box, clientId, Date.now()))
  }

  discard(clientId: string): void {
    this.change((box) => discard(box, clientId))
  }

  /** Takes away what arrived by another way, such as another tab's stream. */
  arrived(messages: readonly Message[]): void {
    this.keep((box) => acknowledge(box, messages))
  }

  /** Sends what is due, if this tab may. */
  kick(): void {
    clearTimeout(this.timer)
    if (this.closed || !this.api.token || nextToSend(this.box) === undefined) return
    void alone(this.storage, 'outbox', () => this.drain())
  }

  private change(how: (box: Outgoing[]) => Outgoing[]): void {
    this.keep(how)
    this.kick()
  }

  /** Writes what how changes, and nothing else. */
  private keep(how: (box: Outgoing[]) => Outgoing[]): void {
    const before = this.box
    const after = how(before)
    const left = new Set(after.map((o) => o.clientId))
    for (const o of after) if (!before.includes(o)) this.storage.set(shelf + o.clientId, JSON.stringify(o))
    for (const o of before) if (!left.has(o.clientId)) this.storage.set(shelf + o.clientId, null)
    this.events.changed(after)
  }

  private async drain(): Promise<void> {
    for (;;) {
      const next = nextToSend(this.box)
      if (!next || this.closed) return
      const wait = next.due - Date.now()
      if (wait > 0) {
        this.timer = setTimeout(() => this.kick(), wait)
        return
      }
      await this.attempt(next)
    }
  }

  private async attempt(o: Outgoing): Promise<void> {
    try {
      const message = await this.api.send(o)
      this.renewed = false
      this.keep((box) => discard(box, o.clientId))
      this.events.sent(message)
    } catch (error) {
      const fault = await this.judge(error)
      if (fault) this.keep((box) => fail(box, o.clientId, fault, Date.now(), Math.random()))
    }
  }

  /** What a failure means; nothing when the same message can be tried again at once. */
  private async judge(error: unknown): Promise<Fault | undefined> {
    if (!(error instanceof Problem)) return { passing: false, words: String(error) }
    if (error.stranger && !this.renewed) {
      this.renewed = true
      return this.events.stranger().then(
        () => undefined,
        () => ({ passing: true, words: '' }),
      )
    }
    return { passing: error.passing || error.stranger, words: error.words, after: error.after }
  }
}
