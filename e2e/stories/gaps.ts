import { expect } from 'vitest'
import { Stage } from '../harness/stage'
import { eventually, gone, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Editor } from '../pages/editor'
import { Widget } from '../pages/widget'

const asked = {
  zh: { ways: ['营业厅可以带狗进去吗', '能不能带狗进营业厅', '我想带狗去营业厅可以吗'], again: '能带狗进营业厅吗', answer: '小型犬可以抱着进营业厅。' },
  en: { ways: ['can I bring my dog into the shop', 'may I bring a dog into your shop', 'is bringing my dog into the shop allowed'], again: 'may I bring my dog into the shop', answer: 'Small dogs may come in on your arm.' },
} as const

/** Customers ask in vain three ways; an editor sees one group, writes the answer, and the next customer is answered. */
export function gapsStory(language: Language): void {
  const stage = Stage.open(`gaps-${language}`)
  const { ways, again, answer } = asked[language]
  let desk: Desk
  let ask: (name: string, text: string) => Promise<Widget>

  stage.scene('three customers ask for the same in vain', async () => {
    ask = async (name, text) => {
      const widget = new Widget(await stage.enter(name, { language }))
      await widget.visit(stage.server.url)
      await widget.open()
      await widget.send(text)
      return widget
    }
    for (const [at, text] of ways.entries()) {
      const widget = await ask(`visitor ${at + 1}`, text)
      await see(widget.human)
      expect(await widget.bubble(answer).count()).toBe(0)
    }
  })

  stage.scene('the editor sees one group, and its questions', async () => {
    desk = new Desk(await stage.enter('editor', { language }), stage.server.url)
    await desk.signIn('su@demo.huiyin.example', 'knowledge/gaps')
    await eventually(async () => {
      await desk.open('knowledge/gaps')
      await see(group(desk).getByText(desk.say('gaps.n', { n: ways.length })), 3000)
    })
    await group(desk).getByRole('button', { name: desk.say('gaps.show') }).click()
    for (const text of ways) await see(group(desk).getByRole('checkbox', { name: desk.say('gaps.choose', { text }) }))
    expect(await group(desk).getByRole('link').count(), 'links to conversations for an editor').toBe(0)
    await stage.shot(desk.actor, 'one group')
  })

  stage.scene('one click begins the answer, with the questions filled in', async () => {
    await group(desk).getByRole('button', { name: desk.say('gaps.write') }).click()
    await desk.page.getByRole('tab', { name: desk.say(`article.lang.${language}`) }).click()
    const editor = new Editor(desk)
    await see(editor.answer)
    const question = await desk.page.getByRole('textbox', { name: desk.say('article.question'), exact: true }).inputValue()
    for (const text of ways) if (text !== question) await see(desk.page.getByText(text, { exact: true }))
    await editor.answer.fill(answer)
    await stage.shot(desk.actor, 'answer')
    await desk.page.getByRole('button', { name: desk.say('article.publish'), exact: true }).click()
    await desk.page.getByRole('dialog').getByRole('button', { name: desk.say('publish.do') }).click()
    await see(desk.page.getByRole('status').getByText(desk.say('article.published.toast')))
  })

  stage.scene('the next customer is answered, and the group is', async () => {
    const widget = await ask('visitor 4', again)
    await eventually(async () => {
      if (await widget.bubble(answer).count() === 0) await widget.send(again)
      await see(widget.bubble(answer), 5000)
    })
    await eventually(async () => {
      await desk.open('knowledge/gaps')
      await desk.page.getByRole('button', { name: desk.say('gaps.state.answered') }).click()
      await see(group(desk), 3000)
    })
    await desk.open('knowledge/quality')
    await see(desk.page.getByRole('heading', { name: desk.say('quality.published') }))
    await see(desk.page.getByText(desk.say('quality.few')).first())
    await stage.shot(desk.actor, 'quality')
    await gone(desk.page.getByText(desk.say('quality.published.none')))
  })

  const group = (of: Desk) => of.page.getByRole('article').filter({ hasText: ways[0] })
}
