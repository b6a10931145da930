import { expect } from 'vitest'
import type { Locator } from 'playwright-core'
import { scripts } from '../harness/script'
import { Stage } from '../harness/stage'
import { gone, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Widget } from '../pages/widget'

const owner = 'owner@demo.huiyin.example'
const phone = '13812345678'
const hidden = '138****5678'

/** An owner sets how the bot answers, replays a past answer, marks one as wrong, and looks at a number that was hidden. */
export function answersStory(language: Language): void {
  const stage = Stage.open(`answers-${language}`)
  const script = scripts[language]
  let widget: Widget
  let desk: Desk

  const answer = (): Locator => desk.thread.getByRole('article').filter({ hasText: script.answer }).first()
  const why = (): Locator => desk.page.getByRole('dialog', { name: desk.say('why.title') })

  stage.scene('a visitor gives a telephone number with a question', async () => {
    widget = new Widget(await stage.enter('visitor', { language }))
    await widget.visit(stage.server.url)
    await widget.open()
    await widget.send(script.question)
    await see(widget.bubble(script.answer))
    await widget.field.fill(`${script.question} ${phone}`)
    await widget.field.press('Enter')
    await see(widget.bubble(hidden))
  })

  stage.scene('the desk shows the number only when asked, beside what was mentioned', async () => {
    desk = new Desk(await stage.enter('owner', { language }), stage.server.url)
    await desk.signIn(owner, 'inbox/all')
    await desk.rows.first().getByRole('link').click()
    await see(desk.thread.getByText(hidden))
    await see(desk.page.getByRole('complementary', { name: desk.say('conv.panel') }).getByText(desk.say('panel.mentions')))
    expect(await desk.thread.getByText(phone).count(), 'the number before it was asked for').toBe(0)
    await desk.button('msg.hidden.show').click()
    await see(desk.thread.getByText(phone))
    await stage.shot(desk.actor, 'hidden number')
    await desk.button('msg.hidden.hide').click()
    await gone(desk.thread.getByText(phone))
  })

  stage.scene('a past answer is replayed and would be the same', async () => {
    await answer().getByRole('button', { name: desk.say('msg.why') }).click()
    await why().getByRole('button', { name: desk.say('replay.open') }).click()
    await see(why().getByText(desk.say('replay.same')))
    await stage.shot(desk.actor, 'replay the same')
    await why().getByRole('button', { name: desk.say('wrong.mark') }).click()
    await see(why().getByText(desk.say('wrong.marked')))
    await desk.page.keyboard.press('Escape')
    await gone(why())
  })

  stage.scene('how the bot answers is set in plain words, and what it means is told', async () => {
    await desk.open('settings/answers')
    await see(desk.page.getByRole('heading', { name: desk.say('answers.means') }))
    await see(desk.page.getByText(desk.say('answers.shipped')))
    await desk.page.getByRole('slider', { name: desk.say('answers.wrong') }).fill('1')
    await desk.page.getByLabel(desk.say('answers.products')).fill('Fibre 500')
    await desk.page.getByRole('button', { name: desk.say('save'), exact: true }).click()
    await see(desk.page.getByText(desk.say('answers.saved')))
    await see(desk.page.getByText(desk.say('answers.version', { n: 1 })))
    await see(desk.page.getByRole('link', { name: script.question }))
    await stage.shot(desk.actor, 'answer settings')
  })

  stage.scene('the replay tells what is different since', async () => {
    await desk.page.getByRole('link', { name: script.question }).first().click()
    await see(desk.thread.getByText(desk.say('wrong.marked')))
    await answer().getByRole('button', { name: desk.say('msg.why') }).click()
    await why().getByRole('button', { name: desk.say('replay.open') }).click()
    await see(why().getByRole('cell', { name: desk.say('change.policy') }))
    await see(why().getByRole('cell', { name: 'settings-1' }))
    await stage.shot(desk.actor, 'replay with other settings')
  })

  stage.scene('each look and each change is on record', async () => {
    await desk.open('settings/audit')
    await see(desk.page.getByText(desk.say('audit.did.original_shown')))
    await see(desk.page.getByText(desk.say('audit.did.answer_settings_changed')))
  })
}
