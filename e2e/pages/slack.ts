import type { Locator, Page } from 'playwright-core'
import type { Actor } from '../harness/actor'
import { see } from '../harness/wait'
import { slackWords, type Language } from '../harness/words'

/** What the app's own buttons and fields say in Slack, in the language that an administrator has chosen. */
const cards: Record<Language, { claim: string; reply: string; text: string; send: string; note: string; resolve: string; with: (name: string) => string }> = {
  zh: { claim: '领取', reply: '回复客户', text: '内容', send: '发给客户', note: '给接手人的备注', resolve: '解决', with: (name) => `${name} 处理中` },
  en: { claim: 'Claim', reply: 'Reply', text: 'Text', send: 'Send to customer', note: 'Note for whoever takes it', resolve: 'Resolve', with: (name) => `With ${name}` },
}

/** Slack's window of the demo, as its people know it. */
export class Slack {
  readonly page: Page
  readonly app: (typeof cards)['zh']
  private readonly words: (typeof slackWords)['zh']

  constructor(readonly actor: Actor, private readonly url: string) {
    this.page = actor.page
    this.app = cards[actor.language]
    this.words = slackWords[actor.language]
  }

  async visit(person: string): Promise<void> {
    await this.page.goto(`${this.url}/simulator/slack.html?lang=${this.actor.language}`)
    await this.page.getByLabel(this.words.you).selectOption({ label: person })
  }

  /** The cards in the channel. */
  get cards(): Locator {
    return this.page.getByRole('main').getByRole('article')
  }

  card(text: string): Locator {
    return this.cards.filter({ hasText: text })
  }

  get waiting(): Locator {
    return this.cards.filter({ has: this.page.getByRole('button', { name: this.app.claim, exact: true }) })
  }

  get thread(): Locator {
    return this.page.getByRole('complementary', { name: this.words.thread })
  }

  async press(card: Locator, button: string): Promise<void> {
    await card.getByRole('button', { name: button, exact: true }).click()
  }

  async open(card: Locator): Promise<void> {
    const many = this.words.replies(2).replace('2', '\\d+')
    await card.getByRole('button', { name: new RegExp(`^(${this.words.thread}|${this.words.replies(1)}|${many})$`) }).click()
    await see(this.thread)
  }

  /** Fills in the text of the open dialog and sends it; without a text what stands there is sent. */
  async submit(text?: string): Promise<void> {
    const dialog = this.page.getByRole('dialog')
    if (text !== undefined) await dialog.getByLabel(this.app.text).fill(text)
    await dialog.getByRole('button', { name: this.app.send }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  /** Answers the customer by the card's dialog. */
  async reply(card: Locator, text: string): Promise<void> {
    await this.press(card, this.app.reply)
    await this.submit(text)
  }

  /** Says something in the open thread. */
  async remark(text: string): Promise<void> {
    await this.thread.getByRole('textbox').fill(text)
    await this.thread.getByRole('button', { name: this.words.send, exact: true }).click()
  }

  /** Sends a message of the open thread to the customer, by the shortcut of its menu. */
  async forward(text: string): Promise<void> {
    const message = this.thread.getByRole('article').filter({ hasText: text })
    await message.locator('summary').click()
    await message.getByRole('button', { name: this.words.toCustomer }).click()
    await this.submit()
  }
}
