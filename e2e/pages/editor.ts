import type { Locator, Page } from 'playwright-core'
import { gone, see } from '../harness/wait'
import type { Desk } from './desk'

/** The knowledge base as its editor knows it. */
export class Editor {
  private readonly page: Page

  constructor(private readonly desk: Desk) {
    this.page = desk.page
  }

  /** Finds an article by words of its question and opens it in the editor's language. */
  async open(find: string, title: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: this.desk.say('kb.search') }).fill(find)
    await this.page.getByRole('region', { name: this.desk.say('kb.articles') }).getByRole('link', { name: title }).click()
    await this.page.getByRole('tab', { name: this.desk.say(`article.lang.${this.desk.actor.language}`) }).click()
    await see(this.answer)
  }

  get answer(): Locator {
    return this.page.getByRole('textbox', { name: this.desk.say('article.answer') })
  }

  async append(text: string): Promise<void> {
    await this.answer.fill(`${await this.answer.inputValue()}\n\n${text}`)
  }

  async addPhrasing(text: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: this.desk.say('article.similar') })
    await field.fill(text)
    await field.press('Enter')
    await see(this.page.getByText(text, { exact: true }))
  }

  async publish(): Promise<void> {
    await this.page.getByRole('button', { name: this.desk.say('article.publish.draft') }).click()
    await this.page.getByRole('dialog').getByRole('button', { name: this.desk.say('publish.do') }).click()
    await see(this.page.getByRole('status').getByText(this.desk.say('article.published.toast')))
  }

  /** Opens the list of revisions, newest first. */
  async revisions(): Promise<Locator> {
    await this.desk.button('article.revisions').click()
    const drawer = this.page.getByRole('dialog', { name: this.desk.say('article.revisions') })
    await see(drawer.getByRole('listitem'))
    return drawer
  }

  /** Brings an earlier revision back; the answer then waits for the next publication. */
  async restore(drawer: Locator, at: number): Promise<void> {
    await drawer.getByRole('listitem').nth(at).getByRole('button').click()
    await drawer.getByRole('button', { name: this.desk.say('rev.restore') }).click()
    await gone(drawer)
    await see(this.page.getByRole('status').getByText(this.desk.say('rev.restored')))
  }
}
