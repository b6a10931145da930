import { expect, it } from 'vitest'
import type { Contact, Message } from '../api/types'
import { aboutConsent, consentWords, optedOut } from './consent'

const at = '2026-11-22T00:00:00Z'
const identity = (inbox_id: number, opted_out_at?: string) => ({ inbox_id, inbox_name: '', channel: 'sms_twilio', address: '1', verified: true, opted_out_at })
const contact = (...identities: Contact['identities']) => ({ identities }) as Contact

it.each([
  ['nobody known yet', null, undefined],
  ['another inbox', contact(identity(2, at)), undefined],
  ['here', contact(identity(1, at), identity(2)), at],
  ['one of two numbers', contact(identity(1, at), identity(1)), undefined],
  ['not at all', contact(identity(1)), undefined],
])('who opted out: %s', (_name, who, want) => {
  expect(optedOut(who, 1)).toBe(want)
})

it('finds the words by which customers said so', () => {
  const line = (seq: number, sender: string, activity = '') => ({ seq, sender, activity }) as Message
  const all = [line(1, 'contact'), line(2, 'bot'), line(3, 'contact'), line(4, 'system', 'opted_out'), line(5, 'contact'), line(6, 'system', 'opted_in'), line(7, 'system', 'resolved')]
  expect([...consentWords(all)]).toEqual([[3, 'opted_out'], [5, 'opted_in']])
  expect(all.filter(aboutConsent).map((m) => m.seq)).toEqual([4, 6])
  expect(consentWords([line(1, 'system', 'opted_out')]).size).toBe(0)
})
