import { describe, expect, it } from 'vitest'
import { readMessage } from './read'
import { timeline, type Row } from './timeline'
import type { Message } from './types'

const noon = new Date(2026, 10, 21, 12).getTime()
const minute = 60_000

function message(seq: number, from: string, at: number, author = ''): Message {
  const m = readMessage({ conversation: 1, seq, from, text: String(seq), author: { name: author }, at: new Date(at).toISOString() }, 'https://hub.example/')
  if (!m) throw new Error('not a message')
  return m
}

const shape = (rows: Row[]): string =>
  rows
    .map((r) => {
      if (r.kind === 'message') return `${r.first ? '[' : ''}${r.message.seq}${r.last ? ']' : ''}`
      return r.kind === 'outgoing' ? `${r.first ? '[' : ''}>${r.outgoing.text}` : r.kind === 'note' ? `(${r.message.seq})` : r.kind
    })
    .join(' ')

describe('timeline', () => {
  it.each([
    ['nothing', [], ''],
    ['one author is one group', [message(1, 'bot', noon), message(2, 'bot', noon + minute)], 'day [1 2]'],
    ['authors change', [message(1, 'contact', noon), message(2, 'bot', noon)], 'day [1] [2]'],
    ['agents change', [message(1, 'agent', noon, 'Li'), message(2, 'agent', noon, 'Wang')], 'day [1] [2]'],
    ['a pause', [message(1, 'bot', noon), message(2, 'bot', noon + 6 * minute)], 'day [1] [2]'],
    ['a line between', [message(1, 'bot', noon), message(2, 'system', noon), message(3, 'bot', noon)], 'day [1] (2) [3]'],
    ['midnight', [message(1, 'bot', noon + 719 * minute), message(2, 'bot', noon + 721 * minute)], 'day [1] day [2]'],
  ])('%s', (_, messages, want) => expect(shape(timeline(messages, [], ''))).toBe(want))

  it('marks where the new ones begin, once', () => {
    const messages = [message(1, 'bot', noon), message(2, 'contact', noon), message(3, 'agent', noon), message(4, 'agent', noon)]
    expect(shape(timeline(messages, [], '1.1'))).toBe('day [1] [2] unread [3 4]')
    expect(shape(timeline(messages, [], '1.4'))).toBe('day [1] [2] [3 4]')
  })

  it('puts what is still to be sent at the end', () => {
    const out = (text: string) => ({ clientId: text, text, attachments: [], at: noon, tries: 0, due: 0 })
    expect(shape(timeline([message(1, 'bot', noon)], [out('a'), out('b')], ''))).toBe('day [1] [>a >b')
    expect(shape(timeline([message(1, 'contact', noon)], [out('a')], ''))).toBe('day [1] >a')
    expect(shape(timeline([], [out('a')], ''))).toBe('day [>a')
  })
})
