import { describe, expect, it } from 'vitest'
import type { Message } from '../api/types'
import { setLanguage } from '../i18n'
import { activityText } from './activity'
import { readExplanation } from './explanation'
import { adopt, byDay, confirmed, continues, gapAfter, merge, type Outgoing } from './messages'

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: seq, conversation_id: 1, seq, sender: 'contact', text: `m${seq}`, format: 'text', private: false, attachments: [], delivery: '',
  created_at: new Date(2026, 10, 21, 10, seq).toISOString(), ...more,
})
const seqs = (list: Message[]) => list.map((m) => m.seq)
const outgoing = (clientId: string): Outgoing => ({ clientId, input: { text: 'x' }, at: '', failed: '' })

describe('merge', () => {
  it.each([
    ['a page before', [3, 4], [1, 2], [1, 2, 3, 4]],
    ['a page after', [1, 2], [3], [1, 2, 3]],
    ['overlapping', [1, 2, 3], [2, 3, 4], [1, 2, 3, 4]],
    ['out of order', [5], [3, 1], [1, 3, 5]],
  ])('%s', (_name, known, incoming, want) => {
    expect(seqs(merge(known.map((n) => message(n)), incoming.map((n) => message(n))))).toEqual(want)
  })

  it('lets the later version win', () => {
    expect(merge([message(1, { delivery: 'queued' })], [message(1, { delivery: 'sent' })])[0]?.delivery).toBe('sent')
  })
})

describe('adopt', () => {
  it('does not go back behind an event that was faster', () => {
    expect(adopt([message(1, { delivery: 'sent' })], message(1, { delivery: 'queued' }))[0]?.delivery).toBe('sent')
    expect(adopt([message(1, { delivery: 'failed' })], message(1, { delivery: 'queued' }))[0]?.delivery).toBe('failed')
  })
  it('adds what is not there, and follows a retry', () => {
    expect(seqs(adopt([message(1)], message(2)))).toEqual([1, 2])
    const failed = message(1, { delivery: 'failed' })
    expect(adopt([failed], message(1, { delivery: 'queued' }), failed)[0]?.delivery).toBe('queued')
    expect(adopt([message(1, { delivery: 'failed', reason: 'again' })], message(1, { delivery: 'queued' }), failed)[0]?.reason).toBe('again')
  })
})

describe('optimistic bubbles', () => {
  it('go when their message has arrived', () => {
    expect(confirmed([outgoing('a'), outgoing('b')], [message(1, { client_id: 'a' }), message(2)]).map((one) => one.clientId)).toEqual(['b'])
  })
})

describe('gapAfter', () => {
  it.each([[[], 0], [[1], 0], [[1, 2, 3], 0], [[1, 3], 1], [[4, 5, 9], 5]])('%j', (known, want) => {
    expect(gapAfter(known.map((n) => message(n)))).toBe(want)
  })
})

describe('days and faces', () => {
  it('groups by the day of the reader', () => {
    const days = byDay([message(1, { created_at: new Date(2026, 10, 20, 23, 59).toISOString() }), message(2, { created_at: new Date(2026, 10, 21, 0, 1).toISOString() }), message(3)])
    expect(days.map((one) => seqs(one.messages))).toEqual([[1], [2, 3]])
  })

  it.each<[string, Partial<Message> | undefined, Partial<Message>, boolean]>([
    ['the first', undefined, {}, false],
    ['the same sender', {}, {}, true],
    ['another sender', { sender: 'bot' }, {}, false],
    ['after five minutes', { created_at: new Date(2026, 10, 21, 9, 0).toISOString() }, {}, false],
    ['a note after a reply', { private: true }, {}, false],
    ['two agents', { sender: 'agent', agent: { id: 1, name: 'A' } }, { sender: 'agent', agent: { id: 2, name: 'B' } }, false],
    ['one agent', { sender: 'agent', agent: { id: 1, name: 'A' } }, { sender: 'agent', agent: { id: 1, name: 'A' } }, true],
    ['after an event of the customer’s', { activity: 'scanned' }, {}, false],
    ['activity', { sender: 'system' }, { sender: 'system' }, false],
  ])('%s', (_name, above, below, want) => {
    expect(continues(above && message(1, above), message(2, below))).toBe(want)
  })
})

describe('activity', () => {
  const line = (activity: string | undefined, data: Record<string, string> = {}, text = '') => activityText(message(1, { sender: 'system', activity, activity_data: data, text }), 'en-GB')
  it.each([
    ['claimed', 'claimed', { agent: 'Ann' }, 'Ann claimed the conversation'],
    ['handed over', 'bot_handoff', { reason: 'complaint' }, 'The bot handed over: a complaint'],
    ['to a colleague', 'transferred', { agent: 'Ann', to_agent: 'Bob' }, 'Ann transferred it to Bob'],
    ['to a team', 'transferred', { agent: 'Ann', team: 'Billing' }, 'Ann transferred it to Billing'],
    ['tags', 'tagged', { agent: 'Ann', added: 'vip', removed: 'new' }, 'Ann changed the tags: +vip −new'],
    ['priority', 'prioritised', { agent: 'Ann', priority: 'urgent' }, 'Ann set the priority to Urgent'],
    ['resolved by silence', 'resolved', { reason: 'quiet' }, 'Resolved by itself: the customer was silent'],
    ['resolved', 'resolved', { agent: 'Ann' }, 'Ann resolved the conversation'],
    ['resolved by nobody', 'resolved', {}, 'The system resolved the conversation'],
    ['a code of an Official Account', 'subscribed', { scene: 'shop-12' }, 'The customer followed the account (from: shop-12)'],
    ['following without one', 'subscribed', {}, 'The customer followed the account'],
    ['a Mini Program’s page', 'entered', { from: 'order=7' }, 'The customer came in (from: order=7)'],
    ['coming in from nowhere', 'entered', {}, 'The customer came in'],
    ['a page of the menu', 'menu_viewed', { url: 'https://x.example/' }, 'The customer opened https://x.example/ from the menu'],
    ['a place', 'located', { latitude: '1', longitude: '2', precision: '9' }, 'The customer’s place was reported: 1, 2'],
    ['notices', 'notices_changed', { accepted: 'T1' }, 'The customer agreed to notices'],
    ['no notices', 'notices_changed', { refused: 'T1' }, 'The customer refused notices'],
    ['a change of hands with a source', 'transferred', { agent: 'Ann', from: 'Eve', to_agent: 'Bob' }, 'Ann transferred it to Bob'],
    ['a reason unknown here', 'bot_handoff', { reason: 'weather' }, 'The bot handed over: weather'],
  ])('%s', (_name, kind, data, want) => {
    setLanguage('en')
    expect(line(kind, data as Record<string, string>)).toBe(want)
  })

  it('says until when in the reader’s words', () => {
    expect(line('snoozed', { agent: 'Ann', until: new Date(2026, 10, 22, 9, 0).toISOString() })).toBe('Ann snoozed it until 22 Nov, 09:00')
    expect(line('snoozed', { agent: 'Ann', until: 'soon' })).toBe('Ann snoozed it until soon')
  })

  it('shows the server’s text for a kind it does not know', () => {
    expect([line('teleported', {}, 'Ann teleported'), line(undefined, {}, 'hello'), line('teleported')]).toEqual(['Ann teleported', 'hello', 'teleported'])
  })
})

describe('readExplanation', () => {
  it('reads what people want to know', () => {
    const reading = readExplanation({
      question: 'q', intent: 'x', mood: 'calm', terms: ['a', '宽带', 'slow'], rule: 'several articles are possible', policy: { version: 'v1', answer: 0.75 },
      hits: [{ article: 3, question: 'Q', matched: 'M', confidence: 0.5, revision_number: 2 }], decision: { act: 'answer', article: 3, reason: '' },
    })
    expect(reading).toMatchObject({ act: 'answer', threshold: 0.75, chosen: 3, policy: 'v1', terms: ['宽带', 'slow'], hits: [{ id: 3, question: 'Q', matched: 'M', confidence: 0.5, revision: 2 }] })
  })

  it.each([[{}], [{ decision: null, hits: 'x', terms: [1, null], policy: 5 }], [{ hits: [null, 4, { confidence: 'high' }] }]])('stands anything: %j', (explanation) => {
    const reading = readExplanation(explanation)
    expect(reading.hits.every((hit) => typeof hit.confidence === 'number')).toBe(true)
    expect(reading.act).toBe('')
  })
})
