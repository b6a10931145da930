import { describe, expect, it } from 'vitest'
import { backoff, comeBack } from './backoff'
import { acknowledge, discard, enqueue, fail, nextToSend, readOutbox, retryNow, wake, type Outgoing } from './outbox'

const out = (clientId: string, more: Partial<Outgoing> = {}): Outgoing => ({ clientId, text: clientId, attachments: [], at: 0, tries: 0, due: 0, ...more })
const ids = (box: Outgoing[]) => box.map((o) => o.clientId)

describe('outbox', () => {
  it('keeps the order and takes each id once', () => {
    expect(ids(enqueue(enqueue(enqueue([], out('a')), out('b')), out('a')))).toEqual(['a', 'b'])
  })
  it('sends the oldest first, also when it has to wait and others need not', () => {
    expect(nextToSend([out('a', { due: 99 }), out('b')])?.clientId).toBe('a')
  })
  it('goes on behind a message that was refused', () => {
    expect(nextToSend([out('a', { refused: 'too long' }), out('b')])?.clientId).toBe('b')
    expect(nextToSend([out('a', { refused: '' })])).toBeUndefined()
  })
  it('forgets what the server has, whoever sent it', () => {
    expect(ids(acknowledge([out('a'), out('b')], [{ clientId: 'a' }, { clientId: '' }]))).toEqual(['b'])
  })
  it('waits longer after each passing fault, and as long as the server wishes', () => {
    const once = fail([out('a')], 'a', { passing: true, words: '' }, 1000, 1)
    expect(once[0]).toMatchObject({ tries: 1, due: 2000 })
    expect(fail(once, 'a', { passing: true, words: '' }, 1000, 1)[0]).toMatchObject({ tries: 2, due: 3000 })
    expect(fail(once, 'a', { passing: true, words: '', after: 60_000 }, 1000, 1)[0]).toMatchObject({ due: 61_000 })
  })
  it('stops at a refusal until the visitor tries again under the same id', () => {
    const refused = fail([out('a')], 'a', { passing: false, words: 'too long' }, 1000, 0)
    expect(refused[0]).toMatchObject({ refused: 'too long' })
    const again = retryNow(refused, 'a', 5000)
    expect(again[0]).toMatchObject({ clientId: 'a', due: 5000 })
    expect(nextToSend(again)?.clientId).toBe('a')
  })
  it('wakes what waits, not what was refused', () => {
    expect(wake([out('a', { due: 99 }), out('b', { due: 99, refused: 'no' })], 5).map((o) => o.due)).toEqual([5, 99])
  })
  it('lets the visitor give up', () => expect(ids(discard([out('a'), out('b')], 'a'))).toEqual(['b']))
})

describe('readOutbox', () => {
  it('reads what was stored', () => {
    const box = [out('a'), out('b', { refused: 'no', tries: 2 })]
    expect(readOutbox(box.map((o) => JSON.stringify(o)))).toEqual(box)
  })
  it('finds the order again in which they were written', () => {
    const box = [out('c', { at: 1 }), out('b', { at: 2 }), out('a', { at: 3 }), out('d', { at: 3 })]
    expect(ids(readOutbox([3, 1, 0, 2].map((i) => JSON.stringify(box[i]))))).toEqual(['c', 'b', 'a', 'd'])
  })
  it.each(['', '{', 'null', '7', '[]', '{"clientId":"a"}'])('leaves %s out', (stored) => expect(readOutbox([stored])).toEqual([]))
  it('leaves out what is damaged', () => {
    const stored = [null, 1, {}, { ...out('a'), due: 'x' }, { ...out('b'), attachments: 7 }, { ...out('c'), clientId: '' }, out('d')]
    expect(ids(readOutbox(stored.map((o) => JSON.stringify(o))))).toEqual(['d'])
  })
})

describe('backoff', () => {
  it.each([
    [1, 0, 500],
    [1, 1, 1000],
    [3, 1, 4000],
    [6, 1, 30_000],
    [500, 1, 30_000],
    [0, 1, 1000],
  ])('try %i at chance %d', (tries, random, want) => expect(backoff(tries, random)).toBe(want))
})

describe('comeBack', () => {
  it.each([
    [true, 0, 500],
    [true, 1, 1000],
    [false, 0, 500],
    [false, 0.5, 4250],
    [false, 1, 8000],
  ])('talking %s at chance %d', (talking, random, want) => expect(comeBack(talking, random)).toBe(want))
})
