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
import { Mailbox } from '../pages/mailbox'

const said = {
  zh: { name: '李安', subject: '电子发票', question: '怎么开电子发票？', hello: '李安，您好：', human: '转人工', number: /受理编号：#\d+/, reply: '您好，专票已开好，见附件。', again: '收到，谢谢！' },
  en: { name: 'Ann Lee', subject: 'Invoice', question: 'How do I get an invoice?', hello: 'Dear Ann Lee,', human: 'talk to a person', number: /Its number is #\d+/, reply: 'Hello, the invoice is attached.', again: 'Got it, thank you!' },
}

/** A customer who writes mails and an agent in the console: one thread, from the question to the last thanks. */
export function mailStory(language: Language): void {
  const stage = Stage.open(`mail-${language}`)
  const script = scripts[language]
  const words = said[language]
  let mailbox: Mailbox
  let desk: Desk
  let customer: Actor

  stage.scene('the customer writes a mail, and one considered answer arrives in its thread', async () => {
    customer = await stage.enter('customer', { language })
    mailbox = new Mailbox(customer, stage.server.url)
    await mailbox.visit(`ann-${language}`)
    await mailbox.call(words.name)
    await mailbox.write(words.subject, words.question)
    await mailbox.open(words.subject)
    await see(mailbox.said.getByText(words.hello))
    await see(mailbox.said.getByRole('link').first())
    expect(await mailbox.mails.count()).toBe(2)
    await stage.shot(customer, 'the answer')
  })

  stage.scene('asked for a person, it sends a receipt with a number', async () => {
    await mailbox.answer(words.human)
    await see(mailbox.said.getByText(words.number))
    expect(await mailbox.mails.count()).toBe(4)
  })

  stage.scene('the agent sees a mail, and answers with a file and a copy to a colleague', async () => {
    desk = new Desk(await stage.enter('agent', { language }), stage.server.url)
    await desk.signIn(script.agent.email, 'inbox/queue')
    await see(desk.row(words.subject).first())
    await desk.row(words.subject).first().getByRole('link').click()
    await see(desk.thread.getByText(`ann-${language}@mail.example`).first())
    await desk.claim()
    const page = desk.actor.page
    await page.getByRole('button', { name: desk.say('mail.edit') }).click()
    await page.getByLabel(desk.say('mail.cc'), { exact: true }).fill(`boss-${language}@mail.example`)
    await page.locator('.reply input[type=file]').setInputFiles({ name: 'invoice.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n') })
    await see(page.getByText('invoice.pdf'))
    await desk.reply(words.reply)
    await see(desk.thread.getByText(words.reply))
    await see(desk.thread.getByText(`boss-${language}@mail.example`))
    await stage.shot(desk.actor, 'a conversation by mail')
  })

  stage.scene('the mailbox shows it in the same thread, with the file and the copy', async () => {
    await see(mailbox.said.getByText(words.reply))
    await see(mailbox.mails.last().getByText(`boss-${language}@mail.example`))
    await see(mailbox.mails.last().getByRole('link', { name: /invoice\.pdf/ }))
    expect(await mailbox.mails.count()).toBe(5)
    const boss = await stage.enter('boss', { language })
    const copy = new Mailbox(boss, stage.server.url)
    await copy.visit(`boss-${language}`)
    await copy.open(words.subject)
    await see(copy.said.getByText(words.reply))
    await stage.leave(boss)
  })

  stage.scene('the customer answers from it, and it is the same conversation', async () => {
    await mailbox.answer(words.again, 'all')
    await eventually(async () => expect((await desk.texts()).at(-1)).toContain(`ann-${language}@mail.example`))
    await see(desk.thread.getByRole('article').last().locator('iframe'))
    await stage.shot(desk.actor, 'the thanks')
    await mailbox.mails.last().getByRole('button', { name: mailbox.words.raw, exact: true }).click()
    await see(customer.page.getByRole('dialog').getByText(/In-Reply-To/))
    await customer.page.keyboard.press('Escape')
  })

  stage.scene('every width and theme of the mailbox can be read', async () => {
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await customer.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await desk.actor.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await lookShot(desk.actor.page, 'mail', language, colorScheme, 'desk')
      for (const width of [1440, 390]) {
        await customer.page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
        await lookShot(customer.page, 'mail', language, colorScheme, String(width))
        const wrong = [...await faults(customer.page), ...(width === 1440 ? await faint(customer.page) : [])]
        found.push(...wrong.map((fault) => `${colorScheme} ${width}: ${fault}`))
      }
    }
    expect(found).toEqual([])
  })
}
