import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { SlackApp } from './app'
import type { Deed, Look } from './contract'
import { Mrkdwn } from './mrkdwn'
import type { Server } from './server'

afterEach(() => { document.body.replaceChildren() })

function html(text: string): string {
  const place = document.createElement('div')
  render(<Mrkdwn text={text} people={new Map([['U1', 'Ann']])} />, place)
  return new XMLSerializer().serializeToString(place)
}

test.each([
  ['*bold* and _thin_', '<b>bold</b> and <i>thin</i>'],
  ['&lt;script&gt;', '&lt;script&gt;'],
  ['<@U1> and <#C1|support>', '@Ann and #support'],
  ['<https://a.example/x|here>', '<a href="https://a.example/x" target="_blank" rel="noreferrer">here</a>'],
  ['<javascript:alert(1)|here>', 'here'],
  ['> quoted', '<span class="sq">quoted</span>'],
])('%s is shown as Slack shows it', (text, want) => {
  expect(html(text)).toContain(want)
})

const look: Look = {
  me: 'U1', connected: true,
  people: [{ id: 'U0BOT', name: 'huiyin', real_name: 'Huiyin', is_bot: true, deleted: false }, { id: 'U1', name: 'ann', real_name: 'Ann', is_bot: false, deleted: false }],
  channels: [{ id: 'C1', name: 'support', archived: false, messages: [
    { ts: '1.000001', thread_ts: '1.000001', user: 'U0BOT', bot_id: 'B1', text: 'card', reply_count: 1, blocks: [{ type: 'header', text: { type: 'plain_text', text: '#7 Wang Li' } }, { type: 'actions', elements: [{ type: 'button', action_id: 'claim', value: '7', text: { type: 'plain_text', text: 'Claim' } }] }] },
    { ts: '1.000002', thread_ts: '1.000001', user: 'U1', text: 'a remark' },
  ] }],
}

test('a card is pressed, its thread opened, and a remark sent to the customer', async () => {
  const deeds: Deed[] = []
  const server = { follow: (_: string, show: (look: Look) => void) => { show(look); return () => undefined }, act: vi.fn(async (deed: Deed) => { deeds.push(deed); return '' }) } as unknown as Server
  const place = document.body.appendChild(document.createElement('div'))
  await act(() => render(<SlackApp server={server} language="en" />, place))
  const press = async (text: string): Promise<void> => {
    const found = [...place.querySelectorAll('button')].find((one) => one.textContent === text)
    expect(found, text).toBeTruthy()
    await act(() => found?.click())
  }
  expect(place.querySelector('.smain')?.textContent).toContain('#7 Wang Li')
  await press('Claim')
  await press('1 reply')
  await press('Send to customer')
  expect(deeds).toEqual([
    { do: 'press', channel: 'C1', ts: '1.000001', action: 'claim', user: 'U1' },
    { do: 'shortcut', channel: 'C1', ts: '1.000002', action: 'send_to_customer', user: 'U1' },
  ])
})
