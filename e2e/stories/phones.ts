import { expect } from 'vitest'
import type { Actor } from '../harness/actor'
import { faint } from '../harness/contrast'
import { blindStops, faults } from '../harness/look'
import { scripts } from '../harness/script'
import { lookShot } from '../harness/shots'
import { Stage } from '../harness/stage'
import { eventually, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Phones } from '../pages/phones'

const said = {
  zh: { question: '宽带断网怎么办', answer: /光猫/, human: '转人工', reply: '您好，我来帮您看一下线路。', more: ['第二句', '第三句'], after: '工单已经处理好了。' },
  en: { question: 'My internet is down', answer: /modem/, human: 'talk to a person', reply: 'Hello, let me look at your line.', more: ['A second line', 'A third line'], after: 'Your ticket is done.' },
}

/** A customer in WeChat and an agent in the console: both see the same conversation, under WeChat's rules. */
export function phoneStory(language: Language): void {
  const stage = Stage.open(`phones-${language}`)
  const script = scripts[language]
  const words = said[language]
  let phones: Phones
  let desk: Desk
  let customer: Actor

  stage.scene('the customer follows the Official Account and is answered in the callback', async () => {
    customer = await stage.enter('customer', { language })
    phones = new Phones(customer, stage.server.url)
    await phones.visit(`guest-${language}`)
    await stage.shot(customer, 'the phones')
    await phones.button('wechat', phones.words.follow).click()
    await see(phones.screen('wechat').getByText(phones.words.system.followed))
    await phones.write('wechat', words.question)
    await see(phones.screen('wechat').getByText(words.answer))
    await eventually(async () => expect(await phones.screen('wechat').getByText(phones.words.passive, { exact: true }).count()).toBeGreaterThan(1))
    await stage.shot(customer, 'answered')
  })

  stage.scene('a vague question comes back as a menu message, and its entry is pressed', async () => {
    await phones.write('wechat', script.vague)
    const entry = phones.screen('wechat').locator('.menu').getByRole('button', { name: script.meant })
    await see(entry)
    await stage.shot(customer, 'menu message')
    await entry.click()
    await see(phones.screen('wechat').getByText(script.meantAnswer))
    expect(await phones.screen('wechat').getByText(script.meant, { exact: true }).count(), 'offered once and said once').toBe(2)
  })

  stage.scene('asking for a person brings the conversation into the queue with its send budget', async () => {
    await phones.write('wechat', words.human)
    desk = new Desk(await stage.enter('agent', { language }), stage.server.url)
    await desk.signIn(script.agent.email, 'inbox/queue')
    await desk.row(words.human).first().getByRole('link').click()
    await see(desk.thread.getByText(words.question))
    await desk.claim()
    await eventually(async () => expect(await desk.budget(), 'both sides count the same').toBe(await phones.budget('wechat')))
    await stage.shot(desk.actor, 'claimed, with the budget')
  })

  stage.scene('what the agent writes is on the phone, and the budget counts down on both sides', async () => {
    const before = await desk.budget()
    await desk.reply(words.reply)
    await see(phones.screen('wechat').getByText(words.reply))
    for (const line of words.more) await desk.reply(line)
    await see(phones.screen('wechat').getByText(words.more[1] ?? ''))
    await eventually(async () => {
      expect(await desk.budget()).toBeLessThanOrEqual(before - 3)
      expect(await desk.budget()).toBe(await phones.budget('wechat'))
    })
    await stage.shot(desk.actor, 'fewer left')
    await stage.shot(customer, 'the agent writes')
  })

  stage.scene('after 48 hours WeChat refuses, and the reply goes as a notice', async () => {
    await customer.page.getByRole('button', { name: phones.words.later }).click()
    await see(phones.phone('wechat').getByText(phones.words.noBudget))
    await desk.reply(words.after)
    await see(phones.screen('wechat').locator('.notice', { hasText: words.after.slice(0, 10) }))
    await stage.shot(customer, 'a notice')
  })

  stage.scene('a picture from the phone is in the console', async () => {
    await phones.button('wechat', phones.words.more).click()
    await phones.button('wechat', phones.words.samplePicture).click()
    await see(phones.screen('wechat').getByRole('img', { name: phones.words.image }))
    const picture = desk.thread.getByRole('img').last()
    await eventually(async () => expect(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(480))
  })

  stage.scene('the Mini Program greets and answers by customer service message', async () => {
    await phones.button('wechat_mini', phones.words.contact).click()
    await phones.write('wechat_mini', words.question)
    await see(phones.screen('wechat_mini').getByText(words.answer))
  })

  stage.scene('in WeCom the customer presses a question, and a colleague takes over in the app', async () => {
    await phones.button('wecom_kf', phones.words.kfOpen).click()
    const question = phones.screen('wecom_kf').locator('.menu').getByRole('button').last()
    await see(question)
    await question.click()
    await see(phones.screen('wecom_kf').getByText(/LOS/))
    await phones.turn('wecom_kf')
    await phones.button('wecom_kf', phones.words.takeover('LiNa')).click()
    await phones.phone('wecom_kf').getByRole('textbox', { name: phones.words.speak }).fill(words.reply)
    await phones.phone('wecom_kf').locator('.wecom').getByRole('button', { name: phones.words.send }).click()
    await see(phones.screen('wecom_kf').getByText(phones.words.servicer('LiNa')))
    await stage.shot(customer, 'taken over in WeCom')
  })

  stage.scene('the raw requests tell the protocol', async () => {
    await customer.page.getByRole('button', { name: phones.words.raw }).click()
    const drawer = customer.page.getByRole('dialog', { name: phones.words.drawer })
    await see(drawer.getByText('/cgi-bin/kf/sync_msg'))
    const callback = drawer.locator('details.callback').last()
    await callback.locator('summary').click()
    await see(callback.getByText(phones.words.plain))
    await stage.shot(customer, 'raw requests')
    await customer.page.keyboard.press('Escape')
    expect(await drawer.count(), 'Escape closes it').toBe(0)
  })

  stage.scene('every width and both themes can be read', async () => {
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await customer.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const width of [1440, 1024, 390]) {
        await customer.page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
        await lookShot(customer.page, 'phones', language, colorScheme, String(width))
        const wrong = [...await faults(customer.page), ...(width === 1440 ? await faint(customer.page) : [])]
        found.push(...wrong.map((fault) => `${colorScheme} ${width}: ${fault}`))
      }
    }
    found.push(...await blindStops(customer.page, 12))
    expect(found).toEqual([])
  })
}
