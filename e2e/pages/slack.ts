import type { Locator, Page } from 'playwright-core'
import type { Actor } from '../harness/actor'
import { see } from '../harness/wait'

/** Slack's window of the demo, as its people know it. The app's cards are in Chinese there. */
export class Slack {
  readonly page: Page

  constructor(actor: Actor, private readonly url: string) {
    this.page = actor.page
  }

  async visit(person: string): Promise<void> {
    await this.page.goto(`${this.url}/simulator/slack.html`)
    await this.page.getByLabel('你是').selectOption({ label: person })
  }

  /** The cards in the channel. */
  get cards(): Locator {
    return this.page.getByRole('main').getByRole('article')
  }

  card(text: string): Locator {
    return this.cards.filter({ hasText: text })
  }

  get thread(): Locator {
    return this.page.getByRole('complementary', { name: '话题' })
  }

  async open(card: Locator): Promise<void> {
    await card.getByRole('button', { name: /^(话题|\d+ 条回复)$/ }).click()
    await see(this.thread)
  }

  /** Answers the customer by the card's dialog. */
  async reply(card: Locator, text: string): Promise<void> {
    await card.getByRole('button', { name: '回复客户' }).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('内容').fill(text)
    await dialog.getByRole('button', { name: '发给客户' }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  /** Says something in the open thread. */
  async remark(text: string): Promise<void> {
    await this.thread.getByRole('textbox').fill(text)
    await this.thread.getByRole('button', { name: '发送' }).click()
  }
}
