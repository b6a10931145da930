import { describe, expect, it } from 'vitest'
import { applyState, countUnread, lastCursor, mergeMessages } from './messages'
import { readMessage } from './read'
import type { Message } from './types'

function message(cursor: string, from = 'bot', more: object = {}): Message {
  const [conversation, seq] = cursor.split('.')
  const m = readMessage({ conversation, seq, from, text: cursor, at: '2026-11-21T08:00:00Z', ...more }, 'https://hub.example/')
  if (!m) throw new Error('not a message')
  return m
}

const cursors = (messages: Message[]) => messages.map((m) => m.cursor)

describe('mergeMessages', () => {
  it('puts what comes out of order in order', () => {
    expect(cursors(mergeMessages([message('1.2')], [message('2.1'), message('1.10'), message('1.1')]))).toEqual(['1.1', '1.2', '1.10', '2.1'])
  })
  it('has each place once and takes the newer word', () => {
    const merged = mergeMessages([message('1.1')], [message('1.1', 'bot', { text: 'again' }), message('1.1', 'bot', { text: 'and again' })])
    expect(merged.map((m) => m.text)).toEqual(['and again'])
  })
  it('gives back the same list when nothing came', () => {
    const has = [message('1.1')]
    expect(mergeMessages(has, [])).toBe(has)
  })
  it('ends up the same however the stream was cut and repeated', () => {
    const all = ['1.1', '1.2', '1.3', '2.1', '2.2', '2.3'].map((c) => message(c))
    let seed = 7
    const chance = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n
    for (let round = 0; round < 200; round++) {
      let has: Message[] = []
      for (let at = 0; at < all.length; at += 1 + chance(3)) has = mergeMessages(has, all.slice(Math.max(0, at - chance(4)), at + 3))
      expect(cursors(has)).toEqual(cursors(all))
    }
  })
})

describe('applyState', () => {
  it('changes the one message it is about', () => {
    const after = applyState([message('1.1'), message('1.2')], { conversation: '1', seq: '2', delivery: 'read', helpful: true })
    expect(after.map((m) => [m.delivery, m.helpful])).toEqual([
      ['', undefined],
      ['read', true],
    ])
  })
  it('keeps the delivery when the news is of the verdict alone', () => {
    const [m] = applyState([message('1.1', 'bot', { delivery: 'sent' })], { conversation: '1', seq: '1', delivery: '', helpful: false })
    expect([m?.delivery, m?.helpful]).toEqual(['sent', false])
  })
})

describe('countUnread', () => {
  const thread = [message('1.1', 'contact'), message('1.2'), message('1.3', 'system'), message('1.4', 'agent'), message('2.1')]
  it.each([
    ['', 3],
    ['1.2', 2],
    ['1.4', 1],
    ['2.1', 0],
  ])('after %s', (readTo, want) => expect(countUnread(thread, readTo)).toBe(want))
  it('knows the last place', () => expect([lastCursor(thread), lastCursor([])]).toEqual(['2.1', '']))
})
