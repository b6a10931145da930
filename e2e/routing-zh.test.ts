import { expect } from 'vitest'
import { scripts } from './harness/script'
import { Stage } from './harness/stage'
import { eventually, see } from './harness/wait'
import { Desk } from './pages/desk'
import { Widget } from './pages/widget'

const stage = Stage.open('routing-zh')
let boss: Desk
let desk: Desk

stage.scene('an administrator lets the customers of a team be offered to the least busy', async () => {
  boss = new Desk(await stage.enter('owner', { language: 'zh' }), stage.server.url)
  await boss.signIn('owner@demo.huiyin.example', 'settings/routing')
  const team = boss.page.locator('details.team').last()
  await team.locator('summary').click()
  await team.getByLabel(boss.say('routing.strategy')).selectOption('least_busy')
  await see(team.getByText(boss.say('routing.automatic')))
  await boss.button('save').click()
  await see(boss.page.getByText(boss.say('saved')))
  await stage.shot(boss.actor, 'the rules')
})

stage.scene('a customer is offered to an agent on another page, who accepts by keyboard', async () => {
  desk = new Desk(await stage.enter('agent', { language: 'zh' }), stage.server.url)
  await desk.signIn(scripts.zh.agent.email, 'knowledge')
  const offer = desk.page.getByRole('alertdialog', { name: desk.say('offer.title') })
  await see(offer, 40_000) // somebody else may be asked first, and lets it run out
  await see(offer.getByRole('button', { name: desk.say('offer.accept') }))
  await stage.shot(desk.actor, 'the offer')
  const name = await offer.locator('strong').innerText()
  await desk.page.keyboard.press('Alt+y')
  await eventually(async () => expect(desk.page.url()).toMatch(/inbox\/mine\/\d+/))
  await see(desk.page.getByRole('heading', { name }).first())
  await see(desk.thread.getByText(/林晓/).last())
})

stage.scene('a visitor who waits asks to be answered later, and keeps the place', async () => {
  await desk.page.keyboard.press('Alt+x')
  const widget = new Widget(await stage.enter('visitor', { language: 'zh' }))
  await widget.visit(stage.server.url)
  await widget.open()
  await widget.human.click()
  await widget.button('稍后在这里回复我').click()
  await see(widget.panel.getByText(/位置已为您保留/).last())
  await stage.shot(widget.actor, 'answered later')
})
