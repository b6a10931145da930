import { describe, expect, it, test } from 'vitest'
import type { Mail, Message } from '../api/types'
import { addressLine, answered, isForwarded, mailInput, others, parseAddresses, replySubject, replyTo, sameAddress } from './receivers'

const mail = (given: Partial<Mail> = {}): Mail => ({ from: [{ name: 'Ann', address: 'ann@mail.example' }], reply_to: [], to: [{ address: 'help@shop.example' }], cc: [], bcc: [], ...given })
const message = (given: Partial<Message>): Message => ({ sender: 'contact', ...given }) as Message

describe('whom a reply goes to', () => {
  test.each([
    ['the sender', mail(), true, ['ann@mail.example'], []],
    ['where answers are wanted', mail({ reply_to: [{ address: 'desk@mail.example' }] }), true, ['desk@mail.example'], []],
    ['all but ourselves, each once', mail({ to: [{ address: 'Help+t1@shop.example' }, { address: 'bob@mail.example' }], cc: [{ address: 'BOB@mail.example' }, { address: 'ann@mail.example' }, { address: 'carl@mail.example' }] }), true, ['ann@mail.example'], ['bob@mail.example', 'carl@mail.example']],
    ['the sender alone', mail({ cc: [{ address: 'bob@mail.example' }] }), false, ['ann@mail.example'], []],
  ] as const)('%s', (_name, one, all, to, cc) => {
    const got = replyTo(one, 'help@shop.example', all)
    expect(got.to.map((a) => a.address)).toEqual(to)
    expect(got.cc.map((a) => a.address)).toEqual(cc)
  })

  it('answers the newest mail of a person', () => {
    const all = [message({ seq: 1, mail: mail() }), message({ seq: 2, mail: mail({ automatic: 'auto_reply' }) }), message({ seq: 3, sender: 'agent', mail: mail() })]
    expect(answered(all)?.seq).toBe(1)
    expect(answered([message({ seq: 1 })])).toBeUndefined()
  })
})

describe('addresses', () => {
  it('are read with their names', () => {
    expect(parseAddresses('ann@mail.example； "Bob, Jr" <bob@mail.example>，李娜 <li@mail.example>, ANN@mail.example, ')).toEqual({
      list: [{ address: 'ann@mail.example' }, { address: 'bob@mail.example', name: 'Bob, Jr' }, { address: 'li@mail.example', name: '李娜' }], wrong: [],
    })
  })
  it('that are none are named', () => {
    expect(parseAddresses('nobody, a@b, <x@y.z>').wrong).toEqual(['nobody', 'a@b'])
    expect(parseAddresses('').list).toEqual([])
  })
  it('are written as they are read', () => {
    for (const a of [{ address: 'a@b.c' }, { name: 'Bob, Jr', address: 'a@b.c' }, { name: '李 娜', address: 'a@b.c' }]) expect(parseAddresses(addressLine(a)).list).toEqual([a])
  })
  it('of our own go without saying', () => {
    expect(others([{ address: 'help+t@shop.example' }, { address: 'a@b.c' }], 'help@shop.example')).toEqual([{ address: 'a@b.c' }])
    expect(others([{ address: 'a@b.c' }], undefined)).toHaveLength(1)
  })
  it('are the same with and without a tag', () => {
    expect(sameAddress('Help+x@shop.example', 'help@shop.example')).toBe(true)
    expect(sameAddress('help@shop.example', 'help@other.example')).toBe(false)
  })
})

test.each([['Invoice', 'Re: Invoice'], ['Re: RE：回复: Invoice', 'Re: Invoice'], ['', '']])('the subject %j is answered under %j', (given, want) => expect(replySubject(given)).toBe(want))

test('what goes along is only what was chosen', () => {
  expect(mailInput([], [{ address: 'a@b.c' }], [], 'x')).toBeUndefined()
  expect(mailInput([{ address: 'a@b.c' }], [], [], ' ')).toEqual({ to: [{ address: 'a@b.c' }] })
  expect(mailInput([{ address: 'a@b.c' }], [{ address: 'd@e.f' }], [{ address: 'g@h.i' }], 'S')).toEqual({ to: [{ address: 'a@b.c' }], cc: [{ address: 'd@e.f' }], bcc: [{ address: 'g@h.i' }], subject: 'S' })
})

test('a mail that passes another on', () => {
  expect(['Fwd: x', 'FW：x', '转发：x'].every(isForwarded)).toBe(true)
  expect(['Re: x', 'Forwarding', undefined].some(isForwarded)).toBe(false)
})
