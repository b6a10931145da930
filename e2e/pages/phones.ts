import type { Locator, Page } from 'playwright-core'
import type { Actor } from '../harness/actor'
import { see } from '../harness/wait'
import { phoneWords } from '../harness/words'

type Kind = 'wechat' | 'wechat_mini' | 'wecom_kf' | 'sms_aliyun'

/** The simulator's page as the customer knows it: the phones and the provider's side of each. */
export class Phones {
  readonly page: Page
  readonly words: (typeof phoneWords)['zh']

  constructor(readonly actor: Actor, private readonly url: string) {
    this.page = actor.page
    this.words = phoneWords[actor.language]
  }

  async visit(visitor: string): Promise<void> {
    await this.page.goto(`${this.url}/simulator/?lang=${this.actor.language}&visitor=${visitor}`)
    await see(this.phone('wechat'))
  }

  phone(kind: Kind): Locator {
    return this.page.getByRole('region', { name: this.words.kinds[kind] })
  }

  button(kind: Kind, name: string): Locator {
    return this.phone(kind).getByRole('button', { name, exact: true })
  }

  /** What the phone shows. */
  screen(kind: Kind): Locator {
    return this.phone(kind).getByRole('log')
  }

  async write(kind: Kind, text: string): Promise<void> {
    await see(this.phone(kind).locator('.foot'))
    const box = this.phone(kind).locator('.foot').getByRole('textbox')
    if (!(await box.isVisible())) await this.button(kind, this.words.keyboard).click()
    await box.fill(text)
    await box.press('Enter')
  }

  /** How many messages the account may still send. */
  async budget(kind: Kind): Promise<number> {
    const left = await this.phone(kind).locator('.grant b').allInnerTexts()
    return left.reduce((sum, one) => sum + Number.parseInt(one, 10), 0)
  }

  async turn(kind: Kind): Promise<void> {
    await this.phone(kind).getByText(this.words.platform).click()
  }
}
