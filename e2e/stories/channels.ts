import { expect } from 'vitest'
import { faint } from '../harness/contrast'
import { faults } from '../harness/look'
import { Phone } from '../harness/phone'
import { Rest } from '../harness/rest'
import { Stage } from '../harness/stage'
import { eventually, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'

const kf = 'ww7f3c4d5e6f708192'
const words = { zh: { help: '转人工', code: '门店-人民路', label: '帮助' }, en: { help: 'I want to talk to a person', code: 'main-street', label: 'Help' } }

/** A channel with rules of its own: what agents see of its allowance, and what an operator does on its page. */
export function channelsWithRules(language: Language): void {
  const stage = Stage.open(`channels-${language}`)
  const say = words[language]
  let desk: Desk
  let phone: Phone

  stage.scene('a customer of WeCom waits for a person, and the agent sees what may be sent', async () => {
    desk = new Desk(await stage.enter('agent', { language }), stage.server.url)
    await desk.signIn('lin@demo.huiyin.example')
    phone = new Phone(stage.server.url, kf, `Xiaoming-${language}`)
    await phone.act('enter', { scene: 'poster-3' })
    await eventually(async () => expect((await phone.said()).length, 'the welcome').toBe(1))
    await phone.act('text', { text: say.help })
    await desk.view('all')
    const row = desk.row(`Xiaoming-${language}`)
    await see(row)
    await row.getByRole('link').click()
    await see(desk.thread.getByText(/poster-3/))
    await desk.claim()
    await see(desk.page.getByText(/4\/5|4 of 5/))
    await stage.shot(desk.actor, 'allowance')
  })

  stage.scene('when it is used up the reply waits, and says so', async () => {
    for (let n = 1; n <= 4; n++) {
      await desk.reply(`reply ${n}`)
      await eventually(async () => expect(await phone.said()).toContain(`reply ${n}`))
    }
    await see(desk.page.getByText(desk.say('budget.waits')))
    await see(desk.row(`Xiaoming-${language}`).getByText(desk.say('budget.row.spent')))
    await desk.reply('reply 5')
    await see(desk.thread.getByText(desk.say('msg.held')))
    const seen = [...await faults(desk.page), ...await faint(desk.page)]
    await stage.shot(desk.actor, 'spent')
    expect(seen).toEqual([])
    expect(await phone.said()).not.toContain('reply 5')
  })

  stage.scene('the customer writes, and it goes out', async () => {
    await phone.act('text', { text: '?' })
    await eventually(async () => expect(await phone.said()).toContain('reply 5'))
    await eventually(async () => expect(await desk.thread.getByText(desk.say('msg.held')).count()).toBe(0))
    await see(desk.page.getByText(/4\/5|4 of 5/))
  })

  stage.scene('a colleague takes over in the WeCom app', async () => {
    await phone.control('takeover', { text: 'LiNa' })
    await see(desk.thread.getByText(desk.say('activity.wecom_taken', { by: 'LiNa' })))
    await phone.control('speak', { text: 'hello from the app' })
    await see(desk.thread.getByText(/hello from the app/))
    await desk.reply('too late')
    await see(desk.thread.getByText(desk.say('failed.handled', { name: 'LiNa' })))
    await stage.shot(desk.actor, 'taken over')
    await stage.leave(desk.actor)
  })

  stage.scene('an operator tries the connection and makes a code', async () => {
    desk = new Desk(await stage.enter('owner', { language }), stage.server.url)
    await desk.signIn('owner@demo.huiyin.example', 'settings/inboxes')
    await desk.page.getByRole('button', { name: /微信客服/ }).first().click()
    await see(desk.page.getByRole('textbox', { name: desk.say('inbox.callback') }))
    await desk.button('check.title').click()
    await see(desk.page.getByText(desk.say('check.ok')))
    await phone.control('break', { fault: { do: 'code', code: 60020, text: 'not allow to access from your ip' } })
    await desk.button('check.title').click()
    await see(desk.page.getByRole('status').getByText(desk.say('failed.this server\'s public address is not among the trusted IPs of the WeCom app')))
    await phone.act('text', { text: '!' })
    await eventually(async () => {
      await desk.open('settings/inboxes')
      await see(desk.page.getByRole('button', { name: /微信客服/ }))
      expect(await desk.page.getByText(desk.say('inbox.trouble.tag')).count(), 'the list tells that nothing comes in').toBe(1)
    })
    await phone.control('mend')
    await desk.page.getByRole('button', { name: /微信客服/ }).first().click()
    await desk.page.getByLabel(desk.say('code.scene'), { exact: true }).fill(say.code)
    await desk.page.getByRole('button', { name: desk.say('code.make'), exact: true }).click()
    await see(desk.page.getByRole('img', { name: desk.say('code.alt', { scene: say.code }) }))
    const seen = [...await faults(desk.page), ...await faint(desk.page)]
    await stage.shot(desk.actor, 'inbox')
    expect(seen).toEqual([])
  })

  stage.scene('the menu is read, changed and published', async () => {
    await desk.open('settings/inboxes')
    await desk.page.getByRole('button', { name: /公众号/ }).first().click()
    const labels = desk.page.getByLabel(desk.say('menu.label'), { exact: true })
    await see(labels)
    await desk.page.getByRole('button', { name: new RegExp(desk.say('menu.remove', { name: '官网' })) }).click()
    await desk.button('menu.add').click()
    await labels.last().fill(say.label)
    await desk.page.getByRole('button', { name: desk.say('menu.publish'), exact: true }).click()
    await see(desk.page.getByText(desk.say('menu.problem.ask')))
    await desk.page.getByLabel(desk.say('menu.ask.field')).last().fill(say.help)
    await desk.page.getByRole('button', { name: desk.say('menu.publish'), exact: true }).click()
    await see(desk.page.getByRole('status').getByText(desk.say('menu.published')))
    // The help of one setting names {text} and {time}, which are to be written so.
    const seen = [...await faults(desk.page), ...await faint(desk.page)].filter((one) => !one.includes('{text}'))
    await stage.shot(desk.actor, 'menu')
    expect(seen).toEqual([])
    const rest = new Rest(desk.actor.context.request, stage.server.url)
    const inbox = (await rest.call<{ id: number; kind: string }[]>('GET', '/inboxes')).find((one) => one.kind === 'wechat')
    const menu = await rest.call<{ items: { label: string; ask?: string }[] }>('GET', `/inboxes/${inbox?.id ?? 0}/menu`)
    expect(menu.items.at(-1)).toEqual({ label: say.label, ask: say.help })
    await stage.leave(desk.actor)
  })
}
