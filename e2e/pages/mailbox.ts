import type { Locator, Page } from 'playwright-core'
import type { Actor } from '../harness/actor'
import { see } from '../harness/wait'
import { mailboxWords } from '../harness/words'

/** A customer's mailbox in the simulator, as a mail program. */
export class Mailbox {
  readonly page: Page

  constructor(readonly actor: Actor, private readonly url: string) {
    this.page = actor.page
  }

  get words(): typeof mailboxWords.zh {
    return mailboxWords[this.actor.language]
  }

  async visit(visitor: string): Promise<void> {
    await this.page.goto(`${this.url}/simulator/mail.html?visitor=${visitor}&lang=${this.actor.language}`)
    await see(this.page.getByText(`${visitor}@mail.example`))
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  async call(name: string): Promise<void> {
    await this.page.locator('.settings summary').click()
    await this.page.getByLabel(this.words.name, { exact: true }).fill(name)
    await this.page.locator('.settings summary').click()
  }

  async write(subject: string, text: string): Promise<void> {
    await this.button(this.words.write).click()
    await this.page.getByLabel(this.words.subject, { exact: true }).fill(subject)
    await this.page.getByLabel(this.words.text, { exact: true }).fill(text)
    await this.button(this.words.send).click()
  }

  /** Opens a thread of the inbox. */
  async open(text: string): Promise<void> {
    await this.button(this.words.inbox).or(this.page.locator('.folders button').first()).first().click()
    await this.page.locator('.row').filter({ hasText: text }).first().click()
  }

  /** The mails of the thread that is read, oldest first. */
  get mails(): Locator {
    return this.page.locator('.thread .mail')
  }

  /** What the newest mail says, in its frame. */
  get said(): Locator {
    return this.mails.last().frameLocator('iframe').locator('body')
  }

  async answer(text: string, how: 'reply' | 'all' = 'reply'): Promise<void> {
    await this.mails.last().getByRole('button', { name: this.words[how], exact: true }).click()
    await this.page.getByLabel(this.words.text, { exact: true }).fill(text)
    await this.button(this.words.send).click()
  }
}
