import { render } from 'preact'
import { beforeEach, expect, test, vi } from 'vitest'
import { App } from './app'
import type { Account, Exchange, Snapshot } from './contract'
import { gist, tidy } from './drawer'
import { en } from './en'
import { Server } from './server'
import { account, line, settled, snapshot, until } from './testing'

class FakeSource {
  static last: FakeSource | undefined
  onmessage?: (event: { data: string }) => void
  onerror?: () => void
  constructor(readonly url: string) { FakeSource.last = this }
  close(): void { this.onmessage = () => undefined }
}

let asked: { url: string; body: unknown }[]
let exchanges: Exchange[]
let refuse = false

beforeEach(() => {
  document.body.replaceChildren()
  asked = []
  exchanges = []
  refuse = false
  FakeSource.last = undefined
  vi.stubGlobal('EventSource', FakeSource)
})

async function open(accounts: Account[], given: Partial<Snapshot> = {}): Promise<HTMLElement> {
  const place = document.createElement('div')
  document.body.append(place)
  const server = new Server('guest', (url, init) => {
    asked.push({ url: String(url), body: init?.body ? JSON.parse(String(init.body)) : undefined })
    const body = String(url).startsWith('exchanges') ? JSON.stringify(exchanges) : 'no'
    return Promise.resolve(new Response(body, { status: refuse ? 409 : 200 }))
  })
  const before: FakeSource | undefined = FakeSource.last
  render(<App server={server} language="en" />, place)
  await until(() => FakeSource.last !== before)
  FakeSource.last?.onmessage?.({ data: JSON.stringify(snapshot(accounts, given)) })
  await until(() => place.querySelector('.phone'))
  return place
}

function button(place: HTMLElement, name: string): HTMLButtonElement {
  const found = [...place.querySelectorAll('button')].find((b) => (b.getAttribute('aria-label') ?? b.textContent)?.includes(name))
  if (!found) throw new Error(`no button ${name}`)
  return found
}

function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

test('who does not follow yet follows, and then writes', async () => {
  const place = await open([account({ follows: false })])
  button(place, en.follow).click()
  expect(asked[0]).toEqual({ url: 'accounts/wx1/act?visitor=guest', body: { do: 'follow' } })
  FakeSource.last?.onmessage?.({ data: JSON.stringify(snapshot([account({ screen: [line({ from: 'system', kind: 'followed' })] })])) })
  await settled()
  const field = place.querySelector('textarea') as HTMLTextAreaElement
  type(field, ' hello ')
  await settled()
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  await settled()
  expect(asked.at(-1)?.body).toEqual({ do: 'text', text: 'hello' })
  expect(field.value).toBe('')
})

test('an empty line and a line being composed are not sent', async () => {
  const place = await open([account()])
  const field = place.querySelector('textarea') as HTMLTextAreaElement
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  type(field, 'x')
  await settled()
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey: true, bubbles: true }))
  await settled()
  expect(asked).toEqual([])
})

test('the menu of an Official Account opens and is pressed', async () => {
  const place = await open([account({ menu: [{ name: 'Help', sub_button: [{ type: 'click', name: 'Down', key: 'DOWN' }] }, { type: 'view', name: 'Site', url: 'https://x/' }] })])
  button(place, 'Help').click()
  await settled()
  button(place, 'Down').click()
  button(place, 'Site').click()
  expect(asked.map((a) => a.body)).toEqual([{ do: 'click', key: 'DOWN' }, { do: 'view', url: 'https://x/' }])
  button(place, en.keyboard).click()
  await settled()
  expect(place.querySelector('textarea')).not.toBeNull()
})

test('a Mini Program and customer service are entered from their pages', async () => {
  const place = await open([account({ kind: 'wechat_mini', app_id: 'wx2', follows: false }), account({ kind: 'wecom_kf', app_id: 'ww3', follows: false })])
  button(place, en.contact).click()
  button(place, en.kfOpen).click()
  expect(asked.map((a) => a.body)).toEqual([{ do: 'enter', scene: 'order-20260718' }, { do: 'enter', scene: 'website' }])
})

test('a code with a scene is scanned', async () => {
  const place = await open([account({ follows: false, codes: [{ ticket: 'T', scene: 'store-7' }] })])
  button(place, 'store-7').click()
  type(place.querySelector('.scan input') as HTMLInputElement, 'door')
  await settled()
  place.querySelector('form.scan')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  expect(asked.map((a) => a.body)).toEqual([{ do: 'scan', key: 'T' }, { do: 'scan', key: 'door' }])
})

test('what may still be sent is shown and counted down', async () => {
  const place = await open([account({ allowances: [{ name: 'message', left: 4, total: 5, until: '2026-07-20T09:59:59Z' }] })])
  expect(place.querySelector('.budget')?.textContent).toContain('4 of 5 47 h 59 min left')
  const spent = await open([account({ allowances: [{ name: 'message', left: 0, total: 5, until: '2026-07-20T10:00:00Z' }] })])
  expect(spent.querySelector('.budget')?.textContent).toBe(en.noBudget)
})

test("the provider's side is turned", async () => {
  const place = await open([account({ templates: { T1: 't' } })])
  const [mode, health] = place.querySelectorAll('.knobs select')
  const choose = (select: Element | undefined, value: string): void => {
    (select as HTMLSelectElement).value = value
    select?.dispatchEvent(new Event('change', { bubbles: true }))
  }
  choose(mode, 'plain')
  choose(health, 'rate')
  choose(health, 'fine')
  button(place, en.expire).click()
  button(place, en.revoke).click()
  button(place, en.again).click()
  button(place, en.later).click()
  button(place, en.allow).click()
  expect(asked.map((a) => (a.body as { do: string }).do)).toEqual(['mode', 'break', 'mend', 'expire', 'revoke', 'repeat', 'later', 'allow'])
})

test('people in WeCom take over, speak and end', async () => {
  const place = await open([account({ kind: 'wecom_kf', state: 3, servicer: 'LiNa', servicers: ['LiNa', 'ChenJie'], screen: [line({})] })])
  button(place, en.takeover('ChenJie')).click()
  type(place.querySelector('.wecom input') as HTMLInputElement, 'I am here')
  await settled()
  place.querySelector('.wecom form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  button(place, en.end).click()
  expect(asked.map((a) => a.body)).toEqual([{ do: 'takeover', text: 'ChenJie' }, { do: 'speak', text: 'I am here' }, { do: 'end' }])
  expect(place.textContent).toContain(en.states[3])
})

test('what the app does not allow is told, and so is a lost connection', async () => {
  const place = await open([account({ follows: false })])
  refuse = true
  button(place, en.follow).click()
  await until(() => place.querySelector('.toast')?.textContent)
  expect(place.querySelector('.toast')?.textContent).toBe(en.impossible)
  FakeSource.last?.onerror?.()
  await settled()
  expect(place.querySelector('[role="alert"]')?.textContent).toBe(en.lost)
})

test('the drawer shows raw and decrypted requests, newest first', async () => {
  exchanges = [
    { n: 1, at: '', way: 'callback', account: 'wx1', method: 'POST', path: '/hooks/2?x=1', request: '<xml/>', request_plain: '<xml><a>1</a></xml>', status: 0, response: '', note: 'no answer within 5s', code: 0, millis: 5000 },
    { n: 2, at: '', way: 'api', account: 'wx1', method: 'POST', path: '/cgi-bin/message/custom/send?access_token=t', request: '{}', status: 200, response: '{"errcode":45047}', code: 45047, millis: 3 },
  ]
  const place = await open([account()], { exchanges: 2 })
  button(place, en.raw).click()
  await until(() => place.querySelector('.drawer li'))
  const entries = [...place.querySelectorAll('.drawer li')].map((li) => li.textContent ?? '')
  expect(entries[0]).toContain('45047 · 3 ms')
  expect(entries[1]).toContain(en.noAnswer)
  place.querySelector('.drawer')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  await settled()
  expect(place.querySelector('.drawer')).toBeNull()
})

test('requests are laid out on several lines', () => {
  expect(tidy('<xml><a><![CDATA[x]]></a><b>1</b></xml>')).toBe('<xml>\n<a>\n<![CDATA[x]]></a>\n<b>1</b>\n</xml>')
  expect(tidy('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(tidy('success')).toBe('success')
})

test('a request says what it is about', () => {
  const of = (request: string, plain?: string): string => gist({ request, request_plain: plain } as Exchange)
  expect(of('<xml><Encrypt/></xml>', '<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[SCAN]]></Event></xml>')).toBe('SCAN')
  expect(of('<xml><Event><![CDATA[SCAN]]></Event></xml>')).toBe('SCAN')
  expect(of('{"MsgType":"text"}')).toBe('text')
  expect(of('{"touser":"x","msgtype":"msgmenu"}')).toBe('msgmenu')
  expect(of('')).toBe('')
})

test('the language turns', async () => {
  const place = await open([account()])
  button(place, '中文').click()
  await until(() => document.documentElement.lang === 'zh-CN')
  expect(document.documentElement.lang).toBe('zh-CN')
  expect(place.textContent).toContain('客户手机模拟器')
})
