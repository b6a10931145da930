import type { Locator, Page } from 'playwright-core'
import type { Actor } from '../harness/actor'
import { gone, see } from '../harness/wait'
import { say, type Phrase } from '../harness/words'

const tags = { zh: 'zh-CN', en: 'en' }
const demoPassword = 'huiyin-demo'

/** The console as its users know it: by the names of its buttons, lists and fields. */
export class Desk {
  readonly page: Page

  constructor(readonly actor: Actor, private readonly url: string) {
    this.page = actor.page
  }

  say(key: Phrase, values: Record<string, string | number> = {}): string {
    return say(this.actor.language, key, values)
  }

  async open(path = 'inbox'): Promise<void> {
    await this.page.goto(`${this.url}/console/${path}`)
  }

  /** Signs in with the form, as a person would, in the language of the browser. */
  async signIn(email: string, next = 'inbox'): Promise<void> {
    await this.open(next)
    await this.page.getByLabel(this.say('sign.email')).fill(email)
    await this.page.getByLabel(this.say('sign.password')).fill(demoPassword)
    await this.page.getByRole('button', { name: this.say('sign.in'), exact: true }).click()
    await this.speak()
    await see(this.page.getByRole('navigation', { name: this.say('nav.main') }))
  }

  /** The account's language wins over the browser's; the account menu changes it. */
  private async speak(): Promise<void> {
    const both = (key: Phrase): RegExp => new RegExp([say('zh', key), say('en', key)].join('|'))
    await see(this.page.getByRole('navigation', { name: both('nav.main') }))
    if (await this.page.locator('html').getAttribute('lang') === tags[this.actor.language]) return
    await this.page.getByRole('button', { name: new RegExp([say('zh', 'me.menu', { name: '' }), say('en', 'me.menu', { name: '' })].join('|')) }).click()
    await this.page.getByRole('button', { name: this.actor.language === 'zh' ? '中文' : 'English' }).click()
    await this.page.keyboard.press('Escape')
  }

  button(key: Phrase, values: Record<string, string | number> = {}): Locator {
    return this.page.getByRole('button', { name: this.say(key, values) })
  }

  async view(name: 'mine' | 'queue' | 'bot' | 'snoozed' | 'resolved' | 'all'): Promise<void> {
    await this.page.getByRole('navigation', { name: this.say('desk.views') }).getByRole('link', { name: this.say(`view.${name}`) }).click()
  }

  /** The rows of the list of conversations. */
  get rows(): Locator {
    return this.page.getByRole('region', { name: this.say('desk.list') }).getByRole('listitem')
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text })
  }

  get thread(): Locator {
    return this.page.getByRole('log', { name: this.say('msg.thread') })
  }

  get replyBox(): Locator {
    return this.page.getByRole('textbox', { name: this.say('reply.box') })
  }

  /** How many replies the channel still allows, as the reply box tells. */
  async budget(): Promise<number> {
    const pattern = this.say('budget.open', { left: '(\\d+)', of: '\\d+', time: '' }).trim()
    const told = await this.page.getByText(new RegExp(pattern)).last().innerText({ timeout: 2_000 })
    return Number(new RegExp(pattern).exec(told)?.[1])
  }

  async reply(text: string): Promise<void> {
    await this.page.getByRole('tab', { name: this.say('reply.tab') }).click()
    await this.replyBox.fill(text)
    await this.page.getByRole('button', { name: this.say('reply.send'), exact: true }).click()
  }

  async note(text: string): Promise<void> {
    await this.page.getByRole('tab', { name: this.say('note.tab') }).click()
    await this.page.getByPlaceholder(this.say('reply.placeholder.note')).fill(text)
    await this.page.getByRole('button', { name: this.say('reply.note'), exact: true }).click()
  }

  /** What every message of the open conversation says, in order. */
  async texts(): Promise<string[]> {
    return this.thread.getByRole('article').allInnerTexts()
  }

  /** The conversations of the list, top to bottom. */
  async ids(): Promise<string[]> {
    return this.rows.getByRole('link').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id') ?? ''))
  }

  async openConversation(id: string): Promise<void> {
    await this.rows.locator(`[data-id="${id}"]`).click()
    await this.page.waitForURL(new RegExp(`/${id}$`))
    await see(this.thread)
  }

  async claim(): Promise<void> {
    await this.button('conv.claim').click()
    await see(this.replyBox)
    await gone(this.button('conv.claim'))
  }

  async transfer(name: string, note: string): Promise<void> {
    await this.button('conv.transfer').click()
    const dialog = this.page.getByRole('dialog', { name: this.say('transfer.title') })
    await dialog.getByRole('radio', { name: new RegExp(name) }).check()
    await dialog.getByLabel(this.say('transfer.note')).fill(note)
    await dialog.getByRole('button', { name: this.say('conv.transfer'), exact: true }).click()
    await gone(dialog)
  }
}
