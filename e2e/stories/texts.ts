import { expect } from 'vitest'
import type { Actor } from '../harness/actor'
import { faint } from '../harness/contrast'
import { faults } from '../harness/look'
import { scripts } from '../harness/script'
import { lookShot } from '../harness/shots'
import { Stage } from '../harness/stage'
import { eventually, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Phones } from '../pages/phones'

const said = {
  zh: { question: '怎么开电子发票', human: '转人工', reply: '您好，发票已发到您的邮箱。', line: /1 条 · UCS-2 · 还可写 \d+ 字 · ¥0.045 · 模板 SMS_1/, out: '已退订', stopped: /退订了此渠道的消息，不能回复/, after: '欢迎回来，还有什么可以帮您？' },
  en: { question: 'How do I get an electronic invoice?', human: 'talk to a person', reply: 'Hello, the invoice is in your mail.', line: /1 part · UCS-2 · \d+ more characters · ¥0.045 · template SMS_1/, out: 'opted out', stopped: /opted out of messages on this channel/, after: 'Welcome back, how can we help?' },
}

/** A customer who texts and an agent in the console: what a text becomes, and that an opt-out shuts the reply box. */
export function textStory(language: Language): void {
  const stage = Stage.open(`texts-${language}`)
  const script = scripts[language]
  const words = said[language]
  let phones: Phones
  let desk: Desk
  let customer: Actor

  stage.scene('the customer texts and is answered by a short text under the signature', async () => {
    customer = await stage.enter('customer', { language })
    phones = new Phones(customer, stage.server.url)
    await phones.visit(`texter-${language}`)
    await phones.phone('sms_aliyun').locator('button.sender').click()
    await phones.write('sms_aliyun', words.question)
    await see(phones.screen('sms_aliyun').getByText(/【星桥通信】/).first())
    await see(phones.screen('sms_aliyun').getByText(new RegExp(phones.words.delivered)).first())
    await stage.shot(customer, 'four phones')
  })

  stage.scene('the agent sees parts, alphabet, room, price and template before sending', async () => {
    await phones.write('sms_aliyun', words.human)
    desk = new Desk(await stage.enter('agent', { language }), stage.server.url)
    await desk.signIn(script.agent.email, 'inbox/queue')
    await desk.row(words.human).first().getByRole('link').click()
    await see(desk.thread.getByText(words.question))
    await desk.claim()
    const box = desk.actor.page.locator('.reply textarea')
    await box.fill(words.reply)
    await see(desk.actor.page.getByText(words.line))
    await stage.shot(desk.actor, 'what the text becomes')
    await box.press('Control+Enter')
    await see(phones.screen('sms_aliyun').getByText(words.reply))
  })

  stage.scene('the customer opts out: told once, marked, and the reply box is shut', async () => {
    await phones.button('sms_aliyun', phones.words.stop).click()
    await see(phones.screen('sms_aliyun').getByText(/您已退订/))
    await see(desk.actor.page.getByText(words.stopped).first())
    expect(await desk.actor.page.locator('.reply textarea').isDisabled()).toBe(true)
    await see(desk.actor.page.locator('.panel').getByText(words.out))
    await stage.shot(desk.actor, 'opted out')
  })

  stage.scene('the customer opts in again and hears from the agent', async () => {
    await phones.button('sms_aliyun', phones.words.start).click()
    await eventually(async () => expect(await desk.actor.page.locator('.reply textarea').isDisabled()).toBe(false))
    const box = desk.actor.page.locator('.reply textarea')
    await box.fill(words.after)
    await box.press('Control+Enter')
    await see(phones.screen('sms_aliyun').getByText(words.after))
  })

  stage.scene('the raw requests tell the protocol, and every width and theme can be read', async () => {
    await customer.page.getByRole('button', { name: phones.words.raw }).click()
    const drawer = customer.page.getByRole('dialog', { name: phones.words.drawer })
    await see(drawer.getByText('SMS_1').first())
    await customer.page.keyboard.press('Escape')
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await customer.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await desk.actor.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await lookShot(desk.actor.page, 'texts', language, colorScheme, 'desk')
      for (const width of [1440, 1024, 390]) {
        await customer.page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
        if (width === 390) await customer.page.locator('.tabs').getByRole('button', { name: phones.words.kinds.sms_aliyun, exact: true }).click()
        await lookShot(customer.page, 'texts', language, colorScheme, String(width))
        const wrong = [...await faults(customer.page), ...(width === 1440 ? await faint(customer.page) : [])]
        found.push(...wrong.map((fault) => `${colorScheme} ${width}: ${fault}`))
      }
    }
    expect(found).toEqual([])
  })
}
