import { scripts } from '../harness/script'
import { Stage } from '../harness/stage'
import { see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Editor } from '../pages/editor'
import { Widget } from '../pages/widget'

const owner = 'owner@demo.huiyin.example'

/** A question from a conversation becomes golden; a change that breaks it is seen before it is made, and made with a reason. */
export function goldenStory(language: Language): void {
  const stage = Stage.open(`golden-${language}`)
  const script = scripts[language]
  let desk: Desk

  stage.scene('a visitor asks, and is answered', async () => {
    const widget = new Widget(await stage.enter('visitor', { language }))
    await widget.visit(stage.server.url)
    await widget.open()
    await widget.send(script.question)
    await see(widget.bubble(script.answer))
  })

  stage.scene('what the visitor asked becomes a golden question in the desk', async () => {
    desk = new Desk(await stage.enter('owner', { language }), stage.server.url)
    await desk.signIn(owner, 'inbox/all')
    await desk.rows.first().getByRole('link').click()
    const message = desk.thread.getByRole('article').filter({ hasText: script.question }).first()
    await message.hover()
    await message.getByRole('button', { name: desk.say('golden.make') }).click()
    const dialog = desk.page.getByRole('dialog', { name: desk.say('golden.add') })
    await dialog.getByLabel(desk.say('golden.article'), { exact: true }).fill(script.article.title)
    await dialog.getByRole('button', { name: desk.say('save'), exact: true }).click()
    await see(message.getByRole('button', { name: desk.say('golden.made') }))
    await stage.shot(desk.actor, 'made golden')
  })

  stage.scene('it is asked, and passes', async () => {
    await desk.open('knowledge/golden')
    await desk.button('golden.run').click()
    await see(desk.page.getByRole('main').getByRole('listitem').filter({ hasText: script.question }).getByText(desk.say('golden.outcome.right')))
    await stage.shot(desk.actor, 'golden questions')
  })

  stage.scene('a change that breaks it is red, and needs a reason', async () => {
    await desk.open('knowledge')
    await new Editor(desk).open(script.article.find, script.article.title)
    await desk.button('kb.more').last().click()
    await desk.page.getByRole('menuitem', { name: desk.say('article.unpublish') }).click()
    const dialog = desk.page.getByRole('dialog', { name: desk.say('article.unpublish') })
    await see(dialog.getByText(desk.say('foresee.kind.broken')).first())
    await stage.shot(desk.actor, 'red list')
    await dialog.getByRole('button', { name: desk.say('article.unpublish') }).click()
    await see(dialog.getByText(desk.say('publish.reason.needed')))
    await dialog.getByLabel(desk.say('publish.reason')).fill('2026-11')
    await dialog.getByRole('button', { name: desk.say('article.unpublish') }).click()
    await see(desk.page.getByRole('status').getByText(desk.say('article.unpublished.toast')))
  })

  stage.scene('the reason is on record', async () => {
    await desk.open('settings/audit')
    await see(desk.page.getByText(/despite the replay.*2026-11/))
  })
}
