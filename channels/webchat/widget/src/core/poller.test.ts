import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Api } from './api'
import { Poller } from './poller'

let asked: string[]
let answer: (path: string) => Promise<Response>
let stop: AbortController
const polled = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  polled.mockClear()
  stop = new AbortController()
  answer = () => Promise.resolve(Response.json({ messages: [], cursor: '1.1' }))
})
afterEach(() => {
  stop.abort()
  vi.useRealTimers()
})

function poller(): Poller {
  const fetcher = ((url: string) => {
    asked.push(url.split('messages')[1] ?? '')
    return answer(url)
  }) as typeof fetch
  return new Poller(new Api('https://hub.example/', '1', 'en', fetcher), { cursor: () => '1.1', polled })
}
const after = <T,>(ms: number, value: () => T) => new Promise<T>((done) => setTimeout(() => done(value()), ms))

describe('a poller', () => {
  it('asks again at once where the server waits for news', async () => {
    answer = () => after(5000, () => Response.json({ messages: [], cursor: '1.1' }))
    void poller().run(stop.signal, true)
    await vi.advanceTimersByTimeAsync(11_000)
    expect(asked).toEqual(Array.from({ length: 3 }, () => '?after=1.1&wait=15'))
  })

  it('asks now and then where it does not', async () => {
    void poller().run(stop.signal, true)
    await vi.advanceTimersByTimeAsync(7000)
    expect(asked).toEqual(['?after=1.1&wait=15', '?after=1.1', '?after=1.1'])
    expect(polled).toHaveBeenCalledTimes(3)
  })

  it('asks for short answers where long ones are cut', async () => {
    answer = (url) => (url.includes('wait') ? after(2000, () => undefined).then(() => Promise.reject(new TypeError('cut'))) : Promise.resolve(Response.json({ messages: [], cursor: '1.1' })))
    const alive = vi.fn()
    void poller().run(stop.signal, true, alive).catch(() => undefined)
    await vi.advanceTimersByTimeAsync(8500)
    expect(asked).toEqual(['?after=1.1&wait=15', '?after=1.1', '?after=1.1', '?after=1.1'])
    expect(alive).toHaveBeenCalledTimes(3)
  })

  it('gives up when even a short one fails', async () => {
    answer = () => Promise.reject(new TypeError('no network'))
    const run = poller().run(stop.signal, true)
    await expect(run).rejects.toThrow()
    expect(asked).toHaveLength(2)
  })

  it('tells nobody once it was stopped', async () => {
    answer = () => after(1000, () => Response.json({ messages: [], cursor: '1.1' }))
    void poller().run(stop.signal, false).catch(() => undefined)
    await vi.advanceTimersByTimeAsync(500)
    stop.abort()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(polled).not.toHaveBeenCalled()
    expect(asked).toHaveLength(1)
  })
})
