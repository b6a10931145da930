import { describe, expect, it } from 'vitest'
import { Bell } from '../core/bell'
import { Storage } from '../core/storage'
import { emptyView, nowhere, type View } from '../core/store'
import { readConfig } from '../core/read'
import { Scene } from '../scene'
import { FakeSocket } from '../testing'
import { initials } from './face'
import { presence } from './header'
import { en } from '../words/en'

const scene = Scene.each()
const dot = () => scene.find('.avatar i').className

describe('the dot at the face', () => {
  it.each([
    ['the bot answers at once', 'bot', { bot: true }, {}, 'on'],
    ['nobody is there, and no bot', 'none', { bot: false }, {}, 'off'],
    ['people are there', 'none', { bot: false }, { team_online: true }, 'on'],
    ['waiting while nobody is there, whatever the bot could do', 'queued', { bot: true }, {}, 'off'],
    ['what was true when the session began does not count', 'queued', { bot: true, team_online: true }, { team_online: false }, 'off'],
    ['with an agent who is there', 'agent', { bot: true }, { team_online: true }, 'on'],
  ])('%s', async (_, status, config, state, want) => {
    scene.server.config = { ...scene.server.config, ...config }
    scene.server.status = status
    scene.server.state = state
    await scene.open()
    expect(dot()).toBe(want)
  })

  it('is off while the line is down, and the words say so', async () => {
    await scene.open()
    await scene.frame({ type: 'cursor', cursor: '0.0' })
    expect(dot()).toBe('on')
    FakeSocket.last.drop()
    await scene.settle(10)
    expect([dot(), scene.texts('.who p')]).toEqual(['off', ['Connecting…']])
  })
})

describe('presence', () => {
  const view = (config: object, standing: object): View => ({ ...emptyView, config: readConfig(config), standing: { ...nowhere, ...standing } })
  const monday = Date.now() + 3 * 86_400_000
  it.each([
    ['a bot', view({ bot: true }, {}), /^Replies right away$/],
    ['people', view({}, { online: true }), /^People are here too$/],
    ['nobody', view({}, {}), /^Away, leave a message$/],
    ['closed, and when it opens', view({ hours: { open: false, opens_at: new Date(monday).toISOString() } }, {}), /^Closed now, open again \w{3} \d\d:\d\d$/],
    ['closed for good', view({ hours: { open: false } }, {}), /^Closed now$/],
    ['open, and nobody there', view({ hours: { open: true } }, {}), /^Away/],
    ['in the queue while closed', view({ hours: { open: false } }, { status: 'queued' }), /^Closed now$/],
    ['in the queue', view({}, { status: 'queued', online: true }), /^Waiting for a person$/],
    ['an agent', view({}, { status: 'agent' }), /^You are talking to a person$/],
    ['nothing known yet', emptyView, /^$/],
  ])('%s', (_, v, want) => expect(presence(v, en, 'en')).toMatch(want))
})

describe('the face', () => {
  it.each([
    ['Anna Chen', 'AC'],
    ['林晓', '林'],
    ['Starbridge', 'S'],
    ['Ann Mary Smith', 'AS'],
    ['王 丽', '王'],
    ['', ''],
    ['👩 Ann', '👩A'],
  ])('%s is %s', (name, want) => expect(initials(name)).toBe(want))

  it('is the picture of the agent, or the letters when it does not load', async () => {
    scene.server.status = 'agent'
    scene.server.state = { agent: { name: 'Anna Chen', picture: '/pictures/anna.png' } }
    await scene.open()
    const picture = scene.find<HTMLImageElement>('header img')
    expect(picture.src).toBe('https://hub.example/pictures/anna.png')
    picture.dispatchEvent(new Event('error'))
    await scene.settle()
    expect(scene.texts('header .face')).toEqual(['AC'])
  })
})

describe('the bell', () => {
  const bell = (byDefault: boolean) => new Bell(new Storage('https://hub.example/', '1', undefined), () => byDefault)
  it('is as the owner set it, until the visitor says otherwise', () => {
    expect([bell(false).on, bell(true).on]).toEqual([false, true])
    const one = bell(true)
    one.turn(false)
    expect(one.on).toBe(false)
    one.turn(true)
    expect(one.on).toBe(true)
  })
})

describe('a site that is not on the list', () => {
  it('is told what its owner can do', async () => {
    scene.server.faults = [{ status: 403, code: 'origin', detail: 'not here' }]
    await scene.open()
    expect(scene.texts('.empty p')).toEqual(['This site may not use the chat.', `If it is yours, add ${location.origin} to the allowed sites in the inbox’s settings.`])
  })
})

describe('why an answer did not help', () => {
  it('is asked once, and sent with the verdict', async () => {
    scene.server.say('bot', 'an answer', { can_rate: true })
    await scene.open()
    await scene.press('No, this did not help')
    expect(scene.texts('.why button')).toEqual(['It is not correct', 'Not what I asked', 'Hard to understand', 'Not enough detail'])
    await scene.press('Not what I asked')
    expect(scene.sent('feedback')).toEqual([
      { conversation: 1, seq: 1, helpful: false },
      { conversation: 1, seq: 1, helpful: false, reason: 'Not what I asked' },
    ])
    expect([scene.has('.why'), scene.texts('.rating [role=status]')]).toEqual([false, ['Thank you, we will do better.']])
  })
})

describe('how far a message came', () => {
  it.each([
    ['sent', 'Sent'],
    ['delivered', 'Delivered'],
    ['read', 'Read'],
  ])('%s is said as %s', async (delivery, want) => {
    scene.server.say('contact', 'hello')
    await scene.open()
    await scene.frame({ type: 'message_state', conversation: 1, seq: 1, delivery })
    expect(scene.texts('.tick')).toEqual([want])
  })
})
