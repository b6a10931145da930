import { describe, expect, it, vi } from 'vitest'
import type { EventPage, StreamEvent } from '../api/types'
import { Feed, type FeedOptions, type FeedState } from './feed'
import type { Handlers, Hint, Transport } from './transport'

const event = (n: number): StreamEvent => ({ n, kind: 'message', at: '2026-01-01T00:00:00Z' })
const settled = () => new Promise<void>((resolve) => setTimeout(resolve))

/** A server with a log of events, and transports that the test opens and breaks by hand. */
function stage(options: { transports?: number; page?: (after?: number) => Promise<EventPage> } = {}) {
  let log = 0
  const opened: { kind: number; after: number; on: Handlers; closed: boolean }[] = []
  const timers: { run: () => void; ms: number; dead: boolean }[] = []
  const seen: number[] = []
  const hints: Hint[] = []
  const states: FeedState[] = []
  const reset = vi.fn()
  const transport = (kind: number): Transport => (after, on) => {
    const one = { kind, after, on, closed: false }
    opened.push(one)
    return () => { one.closed = true }
  }
  const page = options.page ?? (async (after?: number) => ({ events: after === undefined ? [] : Array.from({ length: log - after }, (_none, i) => event(after + i + 1)), last: log }))
  const feedOptions: FeedOptions = {
    transports: Array.from({ length: options.transports ?? 2 }, (_none, kind) => transport(kind)),
    page, event: (one) => seen.push(one.n), hint: (hint) => hints.push(hint), reset, state: (state) => states.push(state),
    later: (run, ms) => { const timer = { run, ms, dead: false }; timers.push(timer); return () => { timer.dead = true } },
    chance: () => 1,
  }
  const feed = new Feed(0, feedOptions)
  const tick = async () => {
    const timer = timers.filter((one) => !one.dead).pop()
    if (timer) { timer.dead = true; timer.run() }
    await settled()
  }
  return { feed, opened, seen, hints, states, reset, tick, timers, happen: (n: number) => { log = n }, last: () => opened[opened.length - 1]! }
}

describe('Feed', () => {
  it('follows live frames and tells hints apart', () => {
    const s = stage()
    s.feed.start()
    s.last().on.open()
    s.last().on.frame(event(1))
    s.last().on.frame({ kind: 'typing', conversation_id: 4, from: 'contact' })
    expect([s.seen, s.hints.length, s.states]).toEqual([[1], 1, ['live']])
  })

  it('resumes after the last event it has', async () => {
    const s = stage()
    s.feed.start()
    s.last().on.open()
    s.last().on.frame(event(1))
    s.last().on.closed()
    await s.tick()
    expect(s.opened).toHaveLength(2)
    expect(s.last()).toMatchObject({ kind: 0, after: 1 })
  })

  it('fills a gap by a page', async () => {
    const s = stage()
    s.feed.start()
    s.last().on.open()
    s.happen(4)
    s.last().on.frame(event(4))
    await settled()
    s.last().on.frame(event(5))
    expect(s.seen).toEqual([1, 2, 3, 4, 5])
  })

  it('takes the next transport when one never opens, and asks by pages when none does', async () => {
    const s = stage()
    s.feed.start()
    for (let i = 0; i < 4; i++) {
      s.last().on.closed()
      await s.tick()
    }
    expect(s.opened.map((one) => one.kind)).toEqual([0, 0, 1, 1])
    s.happen(2)
    await s.tick()
    expect(s.seen).toEqual([1, 2])
    expect(s.states).toContain('polling')
  })

  it('keeps its transport while the server cannot be reached at all', async () => {
    let down = true
    const s = stage({ page: async (after) => { if (down) throw new Error('down'); return { events: [], last: after ?? 0 } } })
    s.feed.start()
    for (let i = 0; i < 6; i++) {
      s.last().on.closed()
      await s.tick()
    }
    expect([s.opened.every((one) => one.kind === 0), s.states.at(-1)]).toEqual([true, 'offline'])
    down = false
    s.last().on.open()
    expect(s.states.at(-1)).toBe('live')
  })

  it('stays with a transport that worked before', async () => {
    const s = stage()
    s.feed.start()
    for (let i = 0; i < 5; i++) {
      s.last().on.open()
      s.last().on.closed()
      await s.tick()
    }
    expect(s.opened.every((one) => one.kind === 0)).toBe(true)
  })

  it('starts over when the server says that older events are gone', async () => {
    const s = stage()
    s.feed.start()
    s.last().on.open()
    s.happen(900)
    s.last().on.frame({ kind: 'reset' })
    await settled()
    s.last().on.frame(event(901))
    expect(s.reset).toHaveBeenCalledOnce()
    expect(s.seen).toEqual([901])
  })

  it('starts over when a page says so', async () => {
    const s = stage({ page: async (after) => ({ events: [], last: 50, reset: after !== undefined }) })
    s.feed.start()
    await s.feed.check()
    s.last().on.frame(event(51))
    expect(s.reset).toHaveBeenCalledOnce()
    expect(s.seen).toEqual([51])
  })

  it('looks by a page when a connection was silent for long', async () => {
    const s = stage()
    s.feed.start()
    s.last().on.open()
    s.happen(3)
    await s.tick()
    expect(s.seen).toEqual([1, 2, 3])
  })

  it('says that it is offline when a page cannot be had, and loses nothing', async () => {
    let broken = true
    const s = stage({ page: async () => { if (broken) throw new Error('down'); return { events: [event(1), event(2), event(3)], last: 3 } } })
    s.feed.start()
    s.last().on.open()
    s.last().on.frame(event(3))
    await settled()
    expect([s.seen, s.states.at(-1)]).toEqual([[], 'offline'])
    broken = false
    await s.feed.check()
    expect([s.seen, s.states.at(-1)]).toEqual([[1, 2, 3], 'live'])
  })

  it('opens anew when the network came back', () => {
    const s = stage()
    s.feed.start()
    s.last().on.open()
    s.feed.away()
    expect(s.states.at(-1)).toBe('offline')
    s.feed.renew()
    expect([s.opened[0]?.closed, s.opened.length]).toEqual([true, 2])
  })

  it('is quiet after it was stopped', async () => {
    const s = stage()
    s.feed.start()
    s.feed.stop()
    s.last().on.closed()
    await s.tick()
    s.feed.renew()
    s.feed.away()
    expect([s.opened.length, s.states]).toEqual([1, []])
  })
})
