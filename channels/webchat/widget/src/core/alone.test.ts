import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { alone } from './alone'
import { Storage } from './storage'
import { inTurn } from '../later/turn'
import { fakeLocks } from '../testing'

const storage = (area: globalThis.Storage | undefined = localStorage) => new Storage('https://hub.example/', '1', area)
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms))

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})
afterEach(() => {
  vi.useRealTimers()
  Reflect.deleteProperty(navigator, 'locks')
})

/** Runs several at once and tells whether two were ever in at the same time, and in which order they came out. */
async function together(run: (fn: () => Promise<void>) => Promise<void>): Promise<{ most: number; order: number[] }> {
  let inside = 0
  let most = 0
  const order: number[] = []
  const all = [1, 2, 3].map((n) =>
    run(async () => {
      most = Math.max(most, ++inside)
      await pause(500)
      order.push(n)
      inside--
    }),
  )
  await vi.advanceTimersByTimeAsync(10_000)
  await Promise.all(all)
  return { most, order: order.sort() }
}

describe('alone', () => {
  it('lets one in at a time, with locks', async () => {
    fakeLocks()
    expect(await together((fn) => alone(storage(), 'x', fn))).toEqual({ most: 1, order: [1, 2, 3] })
  })

  it('does without where a frame may not use them', async () => {
    Object.defineProperty(navigator, 'locks', { value: { request: () => Promise.reject(new DOMException('no', 'SecurityError')) }, configurable: true })
    vi.useRealTimers()
    expect(await alone(storage(), 'x', () => Promise.resolve('done'))).toBe('done')
  })

  it('passes on what went wrong, once', async () => {
    fakeLocks()
    const fn = vi.fn(() => Promise.reject(new Error('broken')))
    await expect(alone(storage(), 'x', fn)).rejects.toThrow('broken')
    expect(fn).toHaveBeenCalledOnce()
  })
})

describe('inTurn', () => {
  it('lets one tab in at a time, and leaves nothing behind', async () => {
    expect(await together((fn) => inTurn(storage(), 'x', fn))).toEqual({ most: 1, order: [1, 2, 3] })
    expect(localStorage).toHaveLength(0)
  })

  it('takes over from a tab that died', async () => {
    storage().set('turn:x', `0.5 ${Date.now() + 6000}`)
    const ran = vi.fn(() => Promise.resolve())
    void inTurn(storage(), 'x', ran)
    await vi.advanceTimersByTimeAsync(5500)
    expect(ran).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    expect(ran).toHaveBeenCalledOnce()
  })

  it('keeps the turn for as long as it takes', async () => {
    const long = inTurn(storage(), 'x', () => pause(20_000))
    const next = vi.fn(() => Promise.resolve())
    await vi.advanceTimersByTimeAsync(100)
    void inTurn(storage(), 'x', next)
    await vi.advanceTimersByTimeAsync(19_000)
    expect(next).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2000)
    await long
    expect(next).toHaveBeenCalledOnce()
  })

  it('writes nothing where the browser may keep nothing', async () => {
    await together((fn) => inTurn(storage(undefined), 'x', fn).catch(() => undefined))
    expect(localStorage).toHaveLength(0)
  })
})
