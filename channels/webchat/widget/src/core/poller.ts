import type { Api, Batch } from './api'

/** Where a poller begins, and who is told. */
export interface PollListener {
  cursor(): string
  polled(batch: Batch): void
}

/** How long the server may wait for news, in seconds: less than what any proxy cuts. */
const wait = 15
/** An answer this quick without news did not wait. */
const quick = 1000
const pauseSeen = 3000
const pauseHidden = 15_000
const longest = 60_000

/** Asks for news by plain requests: long ones where they get through and the server waits, short ones otherwise. */
export class Poller {
  private long = true

  constructor(
    private readonly api: Api,
    private readonly listener: PollListener,
  ) {}

  /** Asks for a minute, or until the signal; long: by requests that wait. Throws when a short request fails. */
  async run(signal: AbortSignal, long: boolean, alive: () => void = () => undefined): Promise<void> {
    for (const until = Date.now() + longest; Date.now() < until && !signal.aborted; ) {
      const began = Date.now()
      const waits = long && this.long
      const news = await this.ask(signal, waits)
      if (signal.aborted) return
      alive()
      const waited = news > 0 || Date.now() - began >= quick
      if (waits && this.long && waited) continue
      if (waits) this.long = false
      await new Promise((next) => setTimeout(next, document.visibilityState === 'hidden' ? pauseHidden : pauseSeen))
    }
  }

  /** How many messages came. A long request that breaks is asked again as a short one. */
  private async ask(signal: AbortSignal, long: boolean): Promise<number> {
    try {
      const batch = await this.api.after(this.listener.cursor(), signal, long ? wait : 0)
      if (!signal.aborted) this.listener.polled(batch)
      return batch.messages.length
    } catch (error) {
      if (!long || signal.aborted) throw error
      this.long = false
      return this.ask(signal, false)
    }
  }
}
