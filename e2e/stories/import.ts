import { expect } from 'vitest'
import type { Locator } from 'playwright-core'
import { faults } from '../harness/look'
import { Stage } from '../harness/stage'
import { gone, see } from '../harness/wait'
import { workbook } from '../harness/workbook'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'

const words = {
  zh: { head: ['序', '客户怎么问', '我们怎么答', '备注'], question: '礼品卡可以退吗？', answer: '未使用的礼品卡 30 天内可退。', other: '礼品卡多久过期？', otherAnswer: '三年。' },
  en: { head: ['Nr', 'They ask', 'We say', 'Remark'], question: 'Can I return a gift card?', answer: 'Within 30 days when it was not used.', other: 'When does a gift card expire?', otherAnswer: 'After three years.' },
}

/** An editor imports a workbook whose headings say nothing, sees a bad row in the dry run, imports the rest, and undoes it. */
export function importStory(language: Language): void {
  const stage = Stage.open(`import-${language}`)
  const say = words[language]
  let desk: Desk

  const card = (): Locator => desk.page.getByRole('region', { name: desk.say('imports.new') })
  const past = (): Locator => desk.page.getByRole('region', { name: desk.say('imports.past') })
  const column = (n: number): Locator => card().getByRole('columnheader').getByRole('combobox').nth(n - 1)

  stage.scene('a workbook is looked at, and its columns are told', async () => {
    desk = new Desk(await stage.enter('editor', { language }), stage.server.url)
    await desk.signIn('owner@demo.huiyin.example', 'knowledge/imports')
    await see(past().getByText('articles.jsonl'))
    const file = workbook([say.head, ['g1', say.question, say.answer, 'x'], ['g2', '', say.answer, ''], ['g3', say.other, say.otherAnswer, '']])
    await card().getByLabel(desk.say('imports.file')).setInputFiles({ name: 'gift-cards.xlsx', mimeType: 'application/octet-stream', buffer: file })
    await see(card().getByText(say.question))
    await see(card().getByText(desk.say('imports.columns.question')))
    await column(1).selectOption('key')
    await column(2).selectOption('question')
    await column(3).selectOption('answer')
    await gone(card().getByText(desk.say('imports.columns.question')))
    expect(await faults(desk.page)).toEqual([])
    await stage.shot(desk.actor, 'columns')
  })

  stage.scene('the dry run shows the bad row', async () => {
    await card().getByRole('button', { name: desk.say('imports.check') }).click()
    await see(card().getByText(desk.say('imports.dry')))
    await see(card().getByRole('row').filter({ hasText: /没有写问题|write the question/ }))
    await stage.shot(desk.actor, 'dry run')
  })

  stage.scene('the good rows are imported, and the import is listed', async () => {
    await card().getByRole('button', { name: desk.say('imports.do', { n: 2 }) }).click()
    const line = past().getByRole('listitem').filter({ hasText: 'gift-cards.xlsx' })
    await see(line.getByText(desk.say('imports.state.done')))
    await line.getByRole('button', { name: desk.say('imports.details') }).click()
    await line.getByRole('button', { name: desk.say('imports.outcome.added') }).click()
    await see(line.getByRole('link', { name: say.question }))
    await stage.shot(desk.actor, 'imported')
  })

  stage.scene('the whole import is undone', async () => {
    const line = past().getByRole('listitem').filter({ hasText: 'gift-cards.xlsx' })
    await line.getByRole('button', { name: desk.say('imports.undo'), exact: true }).click()
    await desk.page.getByRole('dialog').getByRole('button', { name: desk.say('imports.undo'), exact: true }).click()
    await see(line.getByText(desk.say('imports.state.undone'), { exact: true }))
    await desk.open('knowledge')
    await desk.page.getByRole('searchbox', { name: desk.say('kb.search') }).fill(say.question)
    await see(desk.page.getByText(desk.say('kb.nomatch'), { exact: true }))
  })
}
