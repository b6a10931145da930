import { expect } from 'vitest'
import { Stage } from '../harness/stage'
import { axeFaults } from '../harness/axe'
import { faint } from '../harness/contrast'
import { eventually, gone, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Widget } from '../pages/widget'

const words = {
  zh: { typed: 'fapiao', first: /发票/, mistyped: '发漂', field: '搜索帮助中心', helped: '有帮助', not: '没有帮助', why: '内容有误或过时', send: '提交', noted: '谢谢，编辑会看到您的意见。', thanks: '感谢您的反馈，很高兴能帮到您。', ask: '联系客服', other: 'English',
    question: '这个发票我还是开不了', vain: '游泳池门票' },
  en: { typed: 'invoce', first: /invoice/, mistyped: 'invioce', field: 'Search the help centre', helped: 'Yes', not: 'No', why: 'It is wrong or out of date', send: 'Send', noted: 'Thank you. Our editors will read this.', thanks: 'Thank you. Glad it helped.', ask: 'Chat with us', other: '中文',
    question: 'I still cannot get the invoice', vain: 'zeppelin tickets' },
} as const

/** A customer helps herself: finds an article as she types, says whether it helped, asks a person, and does it all without script. */
export function helpStory(language: Language): void {
  const stage = Stage.open(`help-${language}`)
  const say = words[language]
  let reader: Awaited<ReturnType<Stage['enter']>>
  const field = () => reader.page.getByRole('combobox', { name: say.field })
  const fine = async (): Promise<void> => {
    expect(await axeFaults(reader.page, 'body')).toEqual([])
    expect(await faint(reader.page)).toEqual([])
  }

  stage.scene('the first page shows the topics in the language of the browser', async () => {
    reader = await stage.enter('reader', { language })
    await reader.page.goto(`${stage.server.url}/help`)
    expect(new URL(reader.page.url()).pathname).toBe(`/help/${language}/`)
    await see(reader.page.getByRole('heading', { level: 1 }))
    await fine()
    await stage.shot(reader, 'home')
  })

  stage.scene('what she types is found as she types, by keyboard alone', async () => {
    await reader.page.keyboard.press('/')
    await reader.page.keyboard.type(say.typed)
    const options = reader.page.getByRole('option')
    await see(options.filter({ hasText: say.first }).first())
    await stage.shot(reader, 'found while typing')
    await reader.page.keyboard.press('ArrowDown')
    expect(await options.first().getAttribute('aria-selected')).toBe('true')
    await reader.page.keyboard.press('Escape')
    await gone(options.first())
    await field().fill(say.mistyped)
    await see(options.filter({ hasText: say.first }).first())
    await reader.page.keyboard.press('ArrowDown')
    await reader.page.keyboard.press('Enter')
    await see(reader.page.getByRole('heading', { level: 1, name: say.first }))
    await fine()
    await stage.shot(reader, 'article')
  })

  stage.scene('she says that it did not help, and why', async () => {
    await reader.page.getByRole('button', { name: say.not, exact: true }).click()
    await reader.page.getByText(say.why).click()
    await fine()
    await stage.shot(reader, 'why')
    await reader.page.getByRole('button', { name: say.send, exact: true }).click()
    await see(reader.page.getByText(say.noted))
  })

  stage.scene('the chat opens beside the article, and the agent sees which one it was', async () => {
    await reader.page.getByRole('link', { name: say.ask }).click()
    const widget = new Widget(reader)
    await see(widget.field)
    await stage.shot(reader, 'chat')
    await widget.send(say.question)
    const title = await reader.page.title()
    const desk = new Desk(await stage.enter('owner', { language }), stage.server.url)
    await desk.signIn('owner@demo.huiyin.example', 'inbox/all')
    await desk.rows.first().getByRole('link').click()
    await see(desk.thread.getByText(say.question))
    expect(await desk.page.getByLabel(desk.say('attribute.page_title')).inputValue()).toBe(title)
    await stage.shot(desk.actor, 'the article at the desk')
    await desk.open('knowledge/readers')
    await eventually(async () => {
      await desk.page.reload()
      await see(desk.page.getByText(desk.say('readers.reason.wrong')))
    })
    await stage.shot(desk.actor, 'readers')
    await desk.open('settings/help-centre')
    await desk.page.getByLabel(desk.say('helpc.name.' + language as 'helpc.name.zh')).fill('Starbridge ★')
    await see(desk.page.frameLocator('iframe').getByText('Starbridge ★').first())
    await stage.shot(desk.actor, 'settings with a preview')
  })

  stage.scene('the same article is there in the other language', async () => {
    const before = new URL(reader.page.url()).pathname
    await reader.page.getByRole('link', { name: say.other, exact: true }).click()
    const after = new URL(reader.page.url()).pathname
    expect(after.split('/')[2]).toBe(language === 'zh' ? 'en' : 'zh')
    expect(after.match(/\d+/)?.[0]).toBe(before.match(/\d+/)?.[0])
  })

  stage.scene('without script it all works by pages', async () => {
    const plain = await stage.enter('plain reader', { language, width: 390, height: 844, context: { javaScriptEnabled: false, colorScheme: 'dark' } })
    await plain.page.goto(`${stage.server.url}/help/${language}/`)
    await stage.shot(plain, 'small and dark')
    await plain.page.getByLabel(say.field).fill(say.typed)
    await plain.page.getByLabel(say.field).press('Enter')
    await see(plain.page.locator('main').getByRole('link', { name: say.first }).first())
    await stage.shot(plain, 'results')
    await plain.page.locator('main').getByRole('link', { name: say.first }).first().click()
    await plain.page.getByRole('button', { name: say.helped, exact: true }).click()
    await see(plain.page.getByText(say.thanks))
    await plain.page.getByLabel(say.field).fill(say.vain)
    await plain.page.getByLabel(say.field).press('Enter')
    await see(plain.page.getByRole('heading', { level: 1 }).filter({ hasText: say.vain }))
    await stage.shot(plain, 'nothing found')
  })
}
