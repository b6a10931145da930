import { render } from 'preact'
import { beforeEach, expect, test, vi } from 'vitest'
import { texts, type Account, type Act, type Exchange, type Order } from './contract'
import { Controls } from './controls'
import { gist } from './drawer'
import { en } from './en'
import { Phone } from './phone'
import { account, line, settled } from './testing'
import { WordsContext } from './words'

let place: HTMLElement
beforeEach(() => {
  document.body.replaceChildren()
  place = document.createElement('div')
  document.body.append(place)
})

const cloud = (given: Partial<Account> = {}): Account => account({ kind: 'sms_aliyun', app_id: 'LTAI', name: '106901', openid: '8613900000001', sign: '星桥通信', templates: { SMS_1: '${content}' }, follows: false, ...given })

function phone(one: Account, act: (act: Act) => void = () => undefined): void {
  render(<WordsContext.Provider value={en}><Phone account={one} now="2026-07-18T10:00:00Z" act={act} /></WordsContext.Provider>, place)
}

function controls(one: Account, order: (order: Order) => void = () => undefined): void {
  render(<WordsContext.Provider value={en}><Controls account={one} now="2026-07-18T10:00:00Z" order={order} act={() => undefined} /></WordsContext.Provider>, place)
}

test('which accounts carry texts', () => {
  expect((['wechat', 'wecom_kf', 'sms_aliyun', 'sms_tencent', 'sms_twilio'] as const).filter((kind) => texts({ kind }))).toEqual(['sms_aliyun', 'sms_tencent', 'sms_twilio'])
})

test('the sender is opened, and STOP and START are sent at a press', async () => {
  const act = vi.fn()
  phone(cloud(), act)
  expect(place.textContent).toContain(en.textAbout('星桥通信'))
  place.querySelector<HTMLButtonElement>('button.sender')?.click()
  await settled()
  expect(place.querySelector('.bar')?.textContent).toContain(en.mine('8613900000001'))
  for (const one of place.querySelectorAll<HTMLButtonElement>('.quickwords button')) one.click()
  expect(act.mock.calls).toEqual([[{ do: 'text', text: 'STOP' }], [{ do: 'text', text: 'START' }]])
  expect(place.querySelector(`[aria-label="${en.more}"]`), 'texts carry no files').toBeNull()
})

test('under each text stand parts, alphabet and delivery', () => {
  phone(cloud({ screen: [
    line({ n: 1, from: 'customer', kind: 'sms', text: 'a long question', parts: 2, encoding: 'GSM-7' }),
    line({ n: 2, from: 'customer', kind: 'sms', text: 'a short one', parts: 1, encoding: 'GSM-7' }),
    line({ n: 3, kind: 'sms', how: 'sms', text: '【星桥通信】您好', parts: 1, encoding: 'UCS-2', state: 'sent' }),
    line({ n: 4, kind: 'sms', how: 'sms', text: '【星桥通信】再见', parts: 2, encoding: 'UCS-2', state: 'delivered' }),
  ] }))
  expect([...place.querySelectorAll('.how')].map((one) => one.textContent)).toEqual(['2 parts', '1 part · UCS-2 · under way', '2 parts · UCS-2 · delivered'])
})

test("the cloud's side has its own words and faults", () => {
  const orders: Order[] = []
  for (const [kind, limit] of [['sms_aliyun', 'isv.BUSINESS_LIMIT_CONTROL'], ['sms_tencent', 'LimitExceeded.PhoneNumberThirtySecondLimit'], ['sms_twilio', '20429']] as const) {
    controls(cloud({ kind }), (one) => orders.push(one))
    const select = place.querySelector('select')
    if (!select) throw new Error('no select')
    expect(place.querySelectorAll('select').length, 'nothing is encrypted').toBe(1)
    select.value = 'rate'
    select.dispatchEvent(new Event('change', { bubbles: true }))
    expect(orders.pop()?.fault?.text).toBe(limit)
    select.value = 'cut'
    select.dispatchEvent(new Event('change', { bubbles: true }))
    expect(orders.pop()?.fault).toEqual({ do: 'cut', path: '' })
  }
  const away = [...place.querySelectorAll('button')].find((one) => one.textContent === en.away)
  away?.click()
  expect(orders).toEqual([{ do: 'away' }])
  expect(place.querySelector('.budget')?.textContent).toContain('SMS_1')
  expect(place.textContent).not.toContain(en.expire)
})

test('a request of a cloud says what it is about', () => {
  const of = (given: Partial<Exchange>): string => gist({ path: '/', request: '', ...given } as Exchange)
  expect(of({ path: '/?PhoneNumbers=1&TemplateCode=SMS_1' })).toBe('SMS_1')
  expect(of({ request: 'MessageStatus=delivered&A=1', request_plain: 'A=1\nMessageStatus=delivered' })).toBe('delivered')
  expect(of({ request: '[{"content":"x"}]' })).toBe('')
})
