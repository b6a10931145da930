import { expect } from 'vitest'
import { scripts } from './harness/script'
import { Stage } from './harness/stage'
import { eventually, see } from './harness/wait'
import { Desk } from './pages/desk'
import { Phones } from './pages/phones'
import { Widget } from './pages/widget'

const number = '8613812345678'
const texted = '上个月的电子发票抬头写错了'
const asked = '我家宽带断了三天了，订单号 HY20261122'

const stage = Stage.open('customer-zh')
let phones: Phones
let widget: Widget
let desk: Desk

stage.scene('one person writes by text, and later in the chat without a name', async () => {
  phones = new Phones(await stage.enter('texter', { language: 'zh' }), stage.server.url)
  await phones.visit(number)
  await phones.phone('sms_aliyun').locator('button.sender').click()
  await phones.write('sms_aliyun', texted)
  await see(phones.screen('sms_aliyun').getByText(/【星桥通信】/).first())
  widget = new Widget(await stage.enter('visitor', { language: 'zh' }))
  await widget.visit(stage.server.url)
  await widget.open()
  await widget.send(asked)
  await eventually(async () => expect(await widget.bubbles.count()).toBeGreaterThan(1))
  await widget.human.click()
})

stage.scene('the card tells what they want, what the bot tried and what they named', async () => {
  desk = new Desk(await stage.enter('agent', { language: 'zh' }), stage.server.url)
  await desk.signIn(scripts.zh.agent.email, 'inbox/all')
  await desk.page.goto(`${stage.server.url}/console/search?q=HY20261122`)
  await desk.page.locator('a.hit').filter({ hasText: 'HY20261122' }).first().click()
  const card = desk.page.getByRole('region', { name: desk.say('card.title') })
  await see(card.getByText(asked))
  await see(card.getByText(desk.say('card.tried')))
  await see(card.locator('.fact').filter({ hasText: 'HY20261122' }))
  await stage.shot(desk.actor, 'the card')
  await card.getByRole('button', { name: desk.say('card.close') }).click()
  await see(card.getByRole('button', { name: desk.say('card.open') }))
  await desk.claim()
})

stage.scene('a code sent to the phone and typed in the chat makes one customer of two', async () => {
  const panel = desk.page.getByRole('complementary', { name: desk.say('conv.panel') })
  await panel.getByRole('button', { name: desk.say('prove.open') }).click()
  const dialog = desk.page.getByRole('dialog', { name: desk.say('prove.verify') })
  await dialog.getByLabel(desk.say('prove.inbox')).selectOption({ label: await dialog.locator('option').filter({ hasText: '短信' }).first().innerText() })
  await dialog.getByLabel(desk.say('prove.address')).fill(number.slice(2))
  await dialog.getByRole('button', { name: desk.say('prove.send') }).click()
  const text = phones.screen('sms_aliyun').getByText(/验证码是 \d{6}/).last()
  await see(text)
  const code = /\d{6}/.exec(await text.innerText())![0]
  await see(dialog.getByLabel(desk.say('prove.typed')))
  await stage.shot(desk.actor, 'a code on its way')
  await widget.send(code)
  await see(desk.thread.getByText(desk.say('activity.verified', { address: '86138****5678' })))
  await see(panel.getByText(number, { exact: true }))
  await see(panel.getByText(desk.say('merges.title')))
  await see(panel.getByText(/发票|没太明白|您好/).first())
  await stage.shot(desk.actor, 'one customer')
})

stage.scene('what was texted is found in the console and opens at its place', async () => {
  await desk.page.goto(`${stage.server.url}/console/search`)
  const field = desk.page.getByRole('searchbox')
  await field.fill('发票抬头')
  const hit = desk.page.locator('a.hit').filter({ hasText: texted }).first()
  await see(hit)
  await field.press('ArrowDown')
  await stage.shot(desk.actor, 'found')
  await hit.click()
  await see(desk.thread.getByText(texted))
  expect(desk.page.url()).toContain('seq=')
})
