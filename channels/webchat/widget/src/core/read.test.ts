import { nowhere } from './store'
import { describe, expect, it } from 'vitest'
import { readAttachment, readConfig, readFrame, readMessage, readStanding } from './read'

const base = 'https://hub.example/'

describe('readMessage', () => {
  it('reads a whole message', () => {
    const m = readMessage(
      {
        conversation: 3, seq: 9, cursor: '3.9', from: 'bot', author: { name: 'Echo' }, text: 'Hi', html: '<p>Hi</p>', client_id: 'x', delivery: 'sent',
        choices: [{ label: 'A', value: '1' }, { label: 'B' }, { value: 'no label' }, 7], at: '2026-11-21T08:00:00Z', can_rate: true, helpful: false,
        attachments: [{ key: 'k', name: 'a.png', type: 'image/png', size: 5, url: '/chat/1/files/k', width: 10, height: 20 }, {}],
      },
      base,
    )
    expect(m).toMatchObject({ cursor: '3.9', author: 'Echo', clientId: 'x', canRate: true, helpful: false, at: Date.UTC(2026, 10, 21, 8) })
    expect(m?.choices).toEqual([{ label: 'A', value: '1' }, { label: 'B', value: 'B' }])
    expect(m?.attachments).toEqual([{ key: 'k', name: 'a.png', type: 'image/png', size: 5, url: 'https://hub.example/chat/1/files/k', width: 10, height: 20 }])
  })
  it.each([null, 7, 'x', [], {}, { conversation: '1', seq: '1' }, { conversation: '1', seq: 'x', from: 'bot' }, { conversation: '1', seq: '1', from: 'root' }])(
    'refuses %j',
    (value) => expect(readMessage(value, base)).toBeUndefined(),
  )
})

describe('readAttachment', () => {
  it.each([
    ['/f', 'https://hub.example/f'],
    ['https://cdn.example/f', 'https://cdn.example/f'],
    ['javascript:alert(1)', ''],
    ['data:text/html,x', ''],
    ['http://[', ''],
  ])('url %s becomes %s', (url, want) => expect(readAttachment({ key: 'k', url }, base)?.url).toBe(want))
})

describe('readStanding and readConfig', () => {
  it('reads what is there and is calm about the rest', () => {
    expect(readStanding({ status: 'queued', queue_position: 3, wait_seconds: 90, later: true, agent: { name: 'Li', picture: '/p.png' }, conversation: 7, can_rate: true, rating: 4 }, base)).toEqual({
      status: 'queued', position: 3, waitSeconds: 90, later: true, agent: 'Li', picture: 'https://hub.example/p.png', online: false, conversation: '7', canRate: true, rating: 4,
    })
    expect(readStanding({ status: 'odd', queue_position: -1, wait_seconds: 'x', agent: { picture: 'javascript:alert(1)' } }, base)).toEqual(nowhere)
    expect(readConfig(undefined)).toMatchObject({ name: '', theme: 'auto', preChat: 'off', quickReplies: [], maxFileBytes: 0 })
    expect(readConfig({ theme: 'dark', pre_chat: 'required', quick_replies: ['a', 7, '', null], team_online: true })).toMatchObject({
      theme: 'dark', preChat: 'required', quickReplies: ['a', '7'], online: true,
    })
  })
})

describe('readFrame', () => {
  it.each([
    ['{"type":"typing","from":"agent"}', { type: 'typing', from: 'agent' }],
    ['{"type":"typing","from":"x"}', { type: 'typing', from: 'bot' }],
    ['{"type":"cursor","cursor":"4.2"}', { type: 'cursor', cursor: '4.2' }],
    ['{"type":"cursor","cursor":"later"}', undefined],
    ['{"type":"message_state","conversation":"1","seq":"2","delivery":"read"}', { type: 'message_state', conversation: '1', seq: '2', delivery: 'read' }],
    ['{"type":"message_state","conversation":1,"seq":2,"helpful":true}', { type: 'message_state', conversation: '1', seq: '2', delivery: '', helpful: true }],
    ['{"type":"message","message":{}}', undefined],
    ['{"type":"news"}', undefined],
    ['{"type"', undefined],
    ['null', undefined],
    ['[]', undefined],
  ])('%s', (data, want) => expect(readFrame(data, base)).toEqual(want))
  it('reads messages and states', () => {
    expect(readFrame('{"type":"message","message":{"conversation":"1","seq":"2","from":"bot"}}', base)).toMatchObject({ type: 'message', message: { cursor: '1.2' } })
    expect(readFrame('{"type":"state","state":{"status":"agent"}}', base)).toMatchObject({ type: 'state', state: { status: 'agent' } })
  })
})
