import { render } from 'preact'
import { beforeEach, expect, test, vi } from 'vitest'
import { settled, until } from '../testing'
import { MailApp } from './app'
import type { Draft, Mail, View } from './contract'
import { addressed, answering, blank, framed, threads } from './drafting'
import { Server } from './server'
import { en, zh } from './words'

const me = 'guest@mail.example'

function mail(given: Partial<Mail> = {}): Mail {
  return {
    n: 1, thread: 1, at: '2026-07-18T10:00:00Z', folder: 'inbox', read: false, from: { name: 'Starbridge', address: 'help@shop.example' }, to: [{ name: '', address: me }], cc: [],
    reply_to: [], subject: 'Your question', preview: 'Hello', message_id: 'a@shop.example', files: [], ...given,
  }
}

class FakeSource {
  static last: FakeSource | undefined
  onmessage?: (event: { data: string }) => void
  onerror?: () => void
  constructor(readonly url: string) { FakeSource.last = this }
  close(): void { this.onmessage = () => undefined }
}

let asked: { url: string; body: unknown }[]

beforeEach(() => {
  document.body.replaceChildren()
  asked = []
  FakeSource.last = undefined
  localStorage.clear()
  vi.stubGlobal('EventSource', FakeSource)
})

function show(mails: Mail[]): void {
  const view: View = { address: me, domain: 'mail.example', accounts: ['help@shop.example'], away: false, mails }
  FakeSource.last?.onmessage?.({ data: JSON.stringify({ mail: view }) })
}

async function open(mails: Mail[]): Promise<HTMLElement> {
  const place = document.createElement('div')
  document.body.append(place)
  const server = new Server('guest', (url, init) => {
    asked.push({ url: String(url), body: init?.body ? JSON.parse(String(init.body)) : undefined })
    const answers: Record<string, string> = { 'mail/1?visitor=guest': '{"text":"Hello","html":"<p>Hello<script>x</script></p>"}', 'mail/1/raw?visitor=guest': 'Subject: raw' }
    return Promise.resolve(new Response(answers[String(url)] ?? '{}'))
  })
  render(<MailApp server={server} language="en" />, place)
  await until(() => FakeSource.last)
  show(mails)
  await until(() => place.querySelector('.list'))
  return place
}

function button(place: HTMLElement, name: string): HTMLButtonElement {
  const found = [...place.querySelectorAll('button')].find((b) => (b.getAttribute('aria-label') ?? b.textContent)?.includes(name))
  if (!found) throw new Error(`no button ${name}`)
  return found
}

function type(place: HTMLElement, name: string, text: string): void {
  const field = place.querySelector<HTMLInputElement>(`.writer [name=${name}]`)
  if (!field) throw new Error(`no field ${name}`)
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

test('a mail is written to support', async () => {
  const place = await open([])
  button(place, en.write).click()
  await settled()
  type(place, 'subject', 'Invoice')
  await settled()
  type(place, 'text', 'How do I get one?')
  await settled()
  place.querySelector('.writer')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await until(() => asked.length > 0)
  expect(asked[0]).toMatchObject({ url: 'mail/send?visitor=guest', body: { to: 'help@shop.example', subject: 'Invoice', text: 'How do I get one?', reply: 0, program: 'gmail', english: true } })
  await until(() => !place.querySelector('.writer'))
})

test('a mail is read in a frame where nothing runs, and its source is shown', async () => {
  const place = await open([mail()])
  expect(place.querySelector('.row')?.className).toContain('fresh')
  place.querySelector<HTMLButtonElement>('.row')?.click()
  await until(() => place.querySelector('iframe'))
  const frame = place.querySelector('iframe')
  expect(frame?.getAttribute('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox')
  button(place, en.asText).click()
  await until(() => place.querySelector('pre.text'))
  expect(place.querySelector('pre.text')?.textContent).toBe('Hello')
  button(place, en.raw).click()
  await until(() => place.querySelector('.source'))
  expect(place.querySelector('.source')?.textContent).toBe('Subject: raw')
})

test('a mail is answered, and the vacation reply is turned on', async () => {
  const place = await open([mail()])
  place.querySelector<HTMLButtonElement>('.row')?.click()
  await until(() => place.querySelector('.acts'))
  button(place, en.reply).click()
  await until(() => place.querySelector('.writer'))
  expect(place.querySelector<HTMLInputElement>('.writer [name=subject]')?.value).toBe('Re: Your question')
  place.querySelector<HTMLInputElement>('.settings input[type=checkbox]')?.click()
  await settled()
  expect(asked.at(-1)).toEqual({ url: 'mail/away?visitor=guest', body: { on: true } })
})

test('who has no server and no mailbox is told', async () => {
  const place = await open([])
  FakeSource.last?.onerror?.()
  FakeSource.last?.onmessage?.({ data: '{}' })
  await until(() => place.querySelector('.lost'))
  expect(place.textContent).toContain(en.none)
})

const start: Draft = blank('help@shop.example', 'gmail', true, 'Ann')

test.each([
  ['a reply', mail(), 'reply', { to: 'Starbridge <help@shop.example>', cc: '', subject: 'Re: Your question', reply: 1 }],
  ['where answers are wanted', mail({ reply_to: [{ name: '', address: 'help+t1@shop.example' }] }), 'reply', { to: 'help+t1@shop.example' }],
  ['to all, oneself left out', mail({ to: [{ name: '', address: me.toUpperCase() }, { name: '', address: 'bob@b.example' }], cc: [{ name: 'Carl, Jr', address: 'carl@c.example' }, { name: '', address: 'bob@b.example' }] }), 'all', { cc: 'bob@b.example, "Carl, Jr" <carl@c.example>' }],
  ["an answer to one's own", mail({ folder: 'sent', from: { name: '', address: me }, to: [{ name: '', address: 'help@shop.example' }] }), 'reply', { to: 'help@shop.example' }],
  ['a prefix once', mail({ subject: 'RE: Hi' }), 'reply', { subject: 'RE: Hi' }],
  ['passed on', mail(), 'forward', { to: '', subject: 'Fwd: Your question', forward: 1, reply: 0 }],
] as const)('%s', (_, about, how, want) => {
  expect(answering(about, how, me, start)).toMatchObject(want)
})

test('Chinese prefixes', () => {
  const chinese = { ...start, english: false }
  expect(answering(mail(), 'reply', me, chinese).subject).toBe('回复：Your question')
  expect(answering(mail({ subject: '回复: 你好' }), 'reply', me, chinese).subject).toBe('回复: 你好')
  expect(answering(mail(), 'forward', me, chinese).subject).toBe('转发：Your question')
})

test('the list has one line a thread', () => {
  const all = [mail({ n: 3, thread: 1 }), mail({ n: 2, thread: 2 }), mail({ n: 1, thread: 1 })]
  expect(threads(all, 'inbox').map((m) => m.n)).toEqual([3, 2])
  expect(threads(all, 'sent')).toEqual([])
})

test('names that hold signs are quoted', () => {
  expect(addressed({ name: '安 安', address: 'a@b.c' })).toBe('安 安 <a@b.c>')
  expect(addressed({ name: 'A "B", C', address: 'a@b.c' })).toBe('"A B, C" <a@b.c>')
  expect(framed('<p>x</p>')).toContain('<p>x</p>')
})

test('both languages have the same words', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
})
