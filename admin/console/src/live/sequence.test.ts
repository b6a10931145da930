import { describe, expect, it } from 'vitest'
import type { StreamEvent } from '../api/types'
import { backoff, Sequence } from './sequence'

const event = (n: number): StreamEvent => ({ n, kind: 'message', at: '2026-01-01T00:00:00Z' })
const page = (last: number, ...numbers: number[]) => ({ events: numbers.map(event), last })

function started(last: number) {
  const seen: number[] = []
  return { seen, sequence: new Sequence(last, (one) => seen.push(one.n)) }
}

describe('Sequence', () => {
  it('applies events in order and drops repeats', () => {
    const { seen, sequence } = started(5)
    expect([6, 7, 6, 7, 5, 8].map((n) => sequence.take(event(n)))).toEqual([false, false, false, false, false, false])
    expect(seen).toEqual([6, 7, 8])
    expect(sequence.last).toBe(8)
  })

  it('asks for the missing ones once and applies nothing before they are there', () => {
    const { seen, sequence } = started(5)
    expect(sequence.take(event(8))).toBe(true)
    expect(sequence.take(event(9))).toBe(false)
    expect(seen).toEqual([])
    expect(sequence.fill(page(9, 6, 7, 8, 9))).toBe(false)
    expect(seen).toEqual([6, 7, 8, 9])
  })

  it('joins held events to a page that stops before them', () => {
    const { seen, sequence } = started(5)
    sequence.take(event(8))
    expect(sequence.fill(page(7, 6, 7))).toBe(false)
    expect(seen).toEqual([6, 7, 8])
    expect(sequence.take(event(9))).toBe(false)
    expect(seen).toEqual([6, 7, 8, 9])
  })

  it('goes on asking while the gap is open and the server moves on', () => {
    const { seen, sequence } = started(5)
    sequence.take(event(20))
    expect(sequence.fill(page(8, 6, 8))).toBe(true)
    expect(sequence.fill(page(19, 12))).toBe(false)
    expect(seen).toEqual([6, 8, 12, 20])
  })

  it('believes the server that numbers are not for this reader', () => {
    const { seen, sequence } = started(5)
    sequence.take(event(9))
    expect(sequence.fill(page(9, 9))).toBe(false)
    expect(seen).toEqual([9])
    expect(sequence.take(event(10))).toBe(false)
    expect(seen).toEqual([9, 10])
  })

  it('does not ask for ever when the server does not move', () => {
    const { seen, sequence } = started(5)
    sequence.take(event(9))
    expect(sequence.fill(page(5))).toBe(false)
    expect(seen).toEqual([9])
  })

  it('asks for the next page after a full one', () => {
    const { seen, sequence } = started(0)
    const numbers = Array.from({ length: 60 }, (_none, i) => i + 1)
    expect(sequence.fill(page(60, ...numbers))).toBe(true)
    expect(sequence.fill(page(60))).toBe(false)
    expect(seen).toEqual(numbers)
  })

  it('sorts a page that is out of order', () => {
    const { seen, sequence } = started(0)
    sequence.fill(page(3, 3, 1, 2))
    expect(seen).toEqual([1, 2, 3])
  })

  it('comes back to held events after a failed fetch', () => {
    const { seen, sequence } = started(5)
    sequence.take(event(8))
    sequence.abandon()
    expect(seen).toEqual([])
    expect(sequence.take(event(9))).toBe(true)
    sequence.fill(page(9, 6, 7, 8, 9))
    expect(seen).toEqual([6, 7, 8, 9])
  })

  it('starts over where it is told', () => {
    const { seen, sequence } = started(5)
    sequence.take(event(8))
    sequence.restart(100)
    sequence.take(event(8))
    sequence.take(event(101))
    expect(seen).toEqual([101])
  })

  it('neither misses nor repeats one under any order of repeats, gaps and pages', () => {
    let seed = 7
    const random = (below: number) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % below }
    for (let round = 0; round < 200; round++) {
      const { seen, sequence } = started(0)
      let sent = 0
      while (sent < 40) {
        const live = Math.max(1, sent + random(6) - 2)
        sent = Math.max(sent, live)
        if (!sequence.take(event(live))) continue
        const from = sequence.last
        const upTo = from + 1 + random(sent - from)
        while (sequence.fill(page(Math.max(upTo, sent), ...Array.from({ length: sent - sequence.last }, (_none, i) => sequence.last + i + 1)))) continue
      }
      expect(seen).toEqual(Array.from({ length: sequence.last }, (_none, i) => i + 1))
    }
  })
})

describe('backoff', () => {
  it.each([[0, 0, 250], [0, 1, 500], [1, 1, 1000], [3, 0.5, 3000], [10, 1, 8000], [50, 1, 8000]])('try %i with chance %f waits %i ms', (attempt, chance, ms) => {
    expect(backoff(attempt, chance)).toBe(ms)
  })
})
