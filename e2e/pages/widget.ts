import type { Locator, Page } from 'playwright-core'
import type { Actor } from '../harness/actor'
import { eventually, see } from '../harness/wait'
import { laterWord, widgetWords } from '../harness/words'

/** The chat on the customer's site as the visitor knows it. */
export class Widget {
  readonly words: (typeof widgetWords)['en']

  constructor(readonly actor: Actor, readonly page: Page = actor.page, readonly language: keyof typeof widgetWords = actor.language) {
    this.words = widgetWords[language]
  }

  /** A word of a part that is fetched when wanted. */
  say(key: Parameters<typeof laterWord>[1]): string {
    return laterWord(this.language, key)
  }

  /** Opens the menu and chooses. */
  async choose(key: Parameters<typeof laterWord>[1]): Promise<void> {
    await this.button(this.words.more).click()
    await this.panel.getByRole('menuitem', { name: this.say(key) }).click()
  }

  /** Visits the demo site in the visitor's language. */
  async visit(url: string): Promise<void> {
    await this.page.goto(`${url}/?lang=${this.actor.language}`)
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^${this.words.open}`) }).click()
    await see(this.field)
  }

  get panel(): Locator {
    return this.page.locator('huiyin-chat').locator('.panel')
  }

  get field(): Locator {
    return this.panel.getByRole('textbox', { name: this.words.composer })
  }

  button(name: string): Locator {
    return this.panel.getByRole('button', { name, exact: true })
  }

  /** The way to a person that is always in the header, whatever the bot offers below. */
  get human(): Locator {
    return this.button(this.words.human).first()
  }

  /** Messages of either side; lines such as the day are not among them. */
  get bubbles(): Locator {
    return this.panel.getByRole('listitem').filter({ hasNotText: new RegExp(`^(${this.words.today}|${this.words.newMessages})$`) })
  }

  bubble(text: string | RegExp): Locator {
    return this.bubbles.filter({ hasText: text })
  }

  async send(text: string): Promise<void> {
    await this.field.fill(text)
    await this.field.press('Enter')
    await see(this.bubble(text).last())
  }

  async attach(name: string, mimeType: string, buffer: Buffer): Promise<void> {
    await this.panel.getByLabel(this.words.attach).setInputFiles({ name, mimeType, buffer })
    await eventually(async () => {
      if (!(await this.button(this.words.send).isEnabled())) throw new Error(`${name} is not uploaded`)
    })
    await this.button(this.words.send).click()
  }

  /** Asks until the newest answer says it, for as long as given; returns how long it took. */
  async askUntil(question: string, expected: RegExp, within: number): Promise<number> {
    const began = Date.now()
    for (;;) {
      const before = await this.replies.count()
      await this.send(question)
      await see(this.replies.nth(before))
      const answer = await this.replies.nth(before).innerText()
      if (expected.test(answer)) return Date.now() - began
      if (Date.now() - began > within) throw new Error(`after ${within} ms the answer to "${question}" is still: ${answer}`)
    }
  }

  /** What bot and agents said. */
  get replies(): Locator {
    return this.bubbles.filter({ hasNot: this.page.getByText(this.words.you, { exact: true }) })
  }

  /** What the visitor said. */
  own(text: string | RegExp): Locator {
    return this.bubble(text).filter({ has: this.page.getByText(this.words.you, { exact: true }) })
  }

  /** What stands in the conversation, top to bottom. */
  async texts(): Promise<string[]> {
    return this.bubbles.allInnerTexts()
  }

  /** How often the visitor sees a text. */
  async count(text: string): Promise<number> {
    return this.bubble(text).count()
  }
}
