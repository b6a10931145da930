import type { EventPage, StreamEvent } from '../api/types'

/**
 * Keeps the numbered event stream whole: each event is applied once and in order, whatever the
 * transport repeats, drops or delivers while a gap is being filled.
 */
export class Sequence {
  private held: StreamEvent[] = []
  private filling = false

  constructor(public last: number, private readonly apply: (event: StreamEvent) => void) {}

  /** Takes a live event. True means events before it are missing: fetch pages and give them to `fill`. */
  take(event: StreamEvent): boolean {
    if (event.n <= this.last) return false
    if (this.filling) {
      this.held.push(event)
      return false
    }
    if (event.n === this.last + 1) {
      this.pass(event)
      return false
    }
    this.held.push(event)
    this.filling = true
    return true
  }

  /**
   * Takes one page read after `last`; `page.last` is how far the server has looked for this reader, so numbers
   * up to it that are not in the page are not for us. True means there may be more: fetch the next page.
   */
  fill(page: EventPage): boolean {
    this.filling = true
    const from = this.last
    for (const event of [...page.events].sort(byNumber)) if (event.n > this.last) this.pass(event)
    this.last = Math.max(this.last, page.last)
    const moved = this.last > from
    if (this.held.some((event) => event.n > this.last + 1) && moved && !this.reaches()) return true
    this.settle()
    return moved && page.events.length >= fullPage
  }

  /** Whether the held events follow on from `last` without a gap. */
  private reaches(): boolean {
    let next = this.last
    for (const event of [...this.held].sort(byNumber)) {
      if (event.n > next + 1) return false
      next = Math.max(next, event.n)
    }
    return true
  }

  /** Gives up filling (the fetch failed): what was held is dropped and comes again with the next resume. */
  abandon(): void {
    this.filling = false
    this.held = []
  }

  /** Starts over at a number, after the server said that older events are gone. */
  restart(last: number): void {
    this.last = last
    this.abandon()
  }

  private settle(): void {
    const held = this.held.sort(byNumber)
    this.abandon()
    for (const event of held) if (event.n > this.last) this.pass(event)
  }

  private pass(event: StreamEvent): void {
    this.last = event.n
    this.apply(event)
  }
}

function byNumber(a: StreamEvent, b: StreamEvent): number {
  return a.n - b.n
}

/** A page as long as this may be followed by another. */
const fullPage = 50

/** Wait before attempt n (from 0): doubling from half a second to 8 s, half of it by chance so that many pages do not return at once. */
export function backoff(attempt: number, chance: number): number {
  const ceiling = Math.min(8_000, 500 * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling / 2 + (ceiling / 2) * chance)
}
