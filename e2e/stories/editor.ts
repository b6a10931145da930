import { expect } from 'vitest'
import type { Locator } from 'playwright-core'
import { Stage } from '../harness/stage'
import { eventually, gone, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'

const editor = 'su@demo.huiyin.example'
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const words = {
  zh: { question: '积分商城的礼品寄丢了怎么补', answer: '请把订单号发给我们，三天内补寄。', taken: '家里没网了', fresh: '礼品没收到', category: '礼品', tree: '星桥礼品' },
  en: { question: 'My reward parcel is lost, will you send another', answer: 'Send us the order number; we post another within three days.', taken: 'my internet is down', fresh: 'the gift did not come', category: 'gifts', tree: 'Starbridge gifts' },
}

/** An editor writes an answer beside what each channel makes of it, with a picture, a variable and warnings, and puts its category in its place. */
export function editorStory(language: Language): void {
  const stage = Stage.open(`editor-${language}`)
  const w = words[language]
  let desk: Desk
  const field = (): Locator => desk.page.getByRole('textbox', { name: desk.say('article.answer'), exact: true })
  const seen = (): Locator => desk.page.getByRole('region', { name: desk.say('sample.title') })
  const line = (name: string): Locator => desk.page.getByRole('navigation', { name: desk.say('kb.categories') }).getByRole('button', { name: new RegExp(`^${name} ?\\d*$`) })

  stage.scene('what is typed is shown as each channel sends it, with its limits', async () => {
    desk = new Desk(await stage.enter('editor', { language }), stage.server.url)
    await desk.signIn(editor, 'knowledge/new')
    await desk.page.getByRole('textbox', { name: desk.say('article.question'), exact: true }).fill(w.question)
    await field().fill(w.answer)
    await see(seen().getByText(w.answer))
    await seen().getByRole('tab', { name: desk.say('channel.sms_aliyun') }).click()
    await see(seen().getByText(/UCS-2|GSM-7/))
    await field().fill(w.answer.repeat(20))
    await see(seen().getByText(desk.say('sample.cut')))
    await stage.shot(desk.actor, 'too long for a text')
  })

  stage.scene('a variable is filled in for a customer, and an unknown one is told', async () => {
    await field().fill(`${w.answer} {{nobody}} `)
    await desk.button('var.menu').click()
    await desk.page.getByRole('menuitem', { name: desk.say('var.customer.name') }).click()
    await seen().getByRole('tab', { name: desk.say('channel.webchat') }).click()
    await see(seen().getByText(language === 'zh' ? '王丽' : 'Ann Smith'))
    expect(await seen().getByText('nobody').count(), 'raw variables shown').toBe(0)
    await see(desk.page.getByText(desk.say('find.unknown_variable', { text: 'nobody', lang: desk.say(`article.lang.${language}`) })))
  })

  stage.scene('a picture that is pasted is stored and shown', async () => {
    await field().fill(`${w.answer}\n\n`)
    await field().evaluate((el, code) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(atob(code), (c) => c.charCodeAt(0))], 'image.png', { type: 'image/png' }))
      el.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, pixel)
    await eventually(async () => expect(await field().inputValue()).toMatch(/!\[image\]\(\/files\/[A-Z2-7]{26}\/image\.png\)/))
    await eventually(async () => expect(await seen().locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1))
    await stage.shot(desk.actor, 'a pasted picture')
  })

  stage.scene('another article’s wording is refused, with the way to it', async () => {
    const similar = desk.page.getByRole('textbox', { name: desk.say('article.similar'), exact: true })
    await similar.fill(w.taken)
    await similar.press('Enter')
    await see(desk.page.getByRole('alert').filter({ hasText: w.taken }).getByRole('link'))
    await gone(desk.page.getByRole('button', { name: desk.say('remove', { name: w.taken }) }))
    await similar.fill(w.fresh)
    await similar.press('Enter')
    await see(desk.page.getByRole('button', { name: desk.say('remove', { name: w.fresh }) }))
  })

  stage.scene('what is typed outlives the browser, and becomes no revision by itself', async () => {
    await see(desk.page.getByRole('status').filter({ hasText: new RegExp(desk.say('typing.kept', { time: '.*' })) }))
    await desk.page.evaluate(() => localStorage.clear())
    const again = new Desk(await stage.enter('the same editor elsewhere', { language }), stage.server.url)
    await again.signIn(editor, 'knowledge/new')
    await see(again.page.getByText(w.fresh))
    await stage.leave(again.actor)
    await desk.page.locator('input[list=article-categories]').fill(w.category)
    await desk.button('article.save').click()
    await see(desk.page.getByText(desk.say('saved')))
    await see(line(w.category))
  })

  stage.scene('a category is named, and moved below another with its article', async () => {
    await line(w.category).hover()
    await desk.button('cat.menu', { name: w.category }).click()
    await desk.page.getByRole('menuitem', { name: desk.say('cat.rename') }).click()
    await desk.page.getByRole('dialog').getByLabel(desk.say(`cat.name.${language}`)).fill(w.tree)
    await desk.page.getByRole('dialog').getByRole('button', { name: desk.say('save'), exact: true }).click()
    await see(line(w.tree))
    await line(w.tree).hover()
    await desk.button('cat.menu', { name: w.tree }).click()
    await desk.page.getByRole('menuitem', { name: new RegExp(desk.say('cat.into', { name: '.+' })) }).click()
    await see(desk.page.getByText(desk.say('cat.moved', { n: 1 })))
    await eventually(async () => {
      const found = await desk.page.request.get(`${stage.server.url}/api/v1/articles/categories`).then((answer) => answer.json() as Promise<{ path: string; articles: number }[]>)
      expect(found.find((one) => one.path.endsWith(`/${w.category}`))?.articles).toBe(1)
    })
    await stage.shot(desk.actor, 'a category moved')
  })
}
