import { expect } from 'vitest'
import type { Actor } from '../harness/actor'
import { scripts } from '../harness/script'
import { Stage } from '../harness/stage'
import { eventually, gone, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Editor } from '../pages/editor'
import { Widget } from '../pages/widget'

const liveWithin = 2_000

/** A visitor, two agents and an editor, from the first question to the better answer. */
export function wholeStory(language: Language): void {
  const stage = Stage.open(`story-${language}`)
  const script = scripts[language]
  let visitor: Actor
  let widget: Widget
  let desk: Desk
  let second: Desk
  let editor: Editor
  let conversation = ''
  const wire: string[] = []

  const saysPlace = (ahead: number): RegExp => new RegExp(widget.words.queueAhead(ahead))

  stage.scene('a visitor asks and the knowledge base answers', async () => {
    visitor = await stage.enter('visitor', { language })
    visitor.page.on('websocket', (socket) => socket.on('framereceived', (frame) => wire.push(String(frame.payload))))
    widget = new Widget(visitor)
    await widget.visit(stage.server.url)
    await stage.shot(visitor, 'demo site')
    await widget.open()
    await stage.shot(visitor, 'widget open')
    await widget.send(script.question)
    await see(widget.bubble(script.answer))
    await stage.shot(visitor, 'answer')
  })

  stage.scene('the visitor says that it helped', async () => {
    await widget.button(widget.words.yes).click()
    await see(widget.panel.getByText(widget.words.thanks))
  })

  stage.scene('a vague question offers articles to choose from', async () => {
    await widget.send(script.vague)
    const choices = widget.panel.getByRole('group', { name: widget.words.choices })
    await see(choices)
    await stage.shot(visitor, 'did you mean')
    await choices.getByRole('button', { name: script.meant }).click()
    await see(widget.replies.filter({ hasText: script.meantAnswer }))
    expect(await widget.own(script.meant).count(), 'the chosen question stands once').toBe(1)
    await gone(choices.getByRole('button'))
    await see(choices.getByText(widget.words.chosen))
  })

  stage.scene('a question out of scope gets no made-up answer', async () => {
    await widget.send(script.outOfScope)
    await see(widget.replies.filter({ hasText: script.notUnderstood }))
    await stage.shot(visitor, 'out of scope')
  })

  stage.scene('an agent sees the visitor arrive in the queue without loading again', async () => {
    desk = new Desk(await stage.enter('agent', { language }), stage.server.url)
    await desk.signIn(script.agent.email, 'inbox/queue')
    await see(desk.rows)
    const before = await desk.ids()
    await stage.shot(desk.actor, 'queue before')
    await widget.human.click()
    await see(widget.panel.getByText(saysPlace(before.length)))
    await stage.shot(visitor, 'place in the queue')
    conversation = await eventually(async () => {
      const fresh = (await desk.ids()).filter((id) => !before.includes(id))
      expect(fresh, 'the conversation that is new in the queue').toHaveLength(1)
      return fresh[0] ?? ''
    }, liveWithin)
    await stage.shot(desk.actor, 'queue after')
  })

  stage.scene('the place in the queue moves up when somebody before is served', async () => {
    const [first] = await desk.ids()
    const ahead = (await desk.ids()).length - 1
    await desk.openConversation(first === conversation ? (await desk.ids())[1] ?? '' : first ?? '')
    await desk.claim()
    await see(widget.panel.getByText(ahead === 1 ? widget.words.queueNext : saysPlace(ahead - 1)))
  })

  stage.scene('of two agents who claim at once one has it and the other is told in words', async () => {
    second = new Desk(await stage.enter('second agent', { language }), stage.server.url)
    second.actor.forgive(/status of 409/)
    await second.signIn(script.second.email, `inbox/queue/${conversation}`)
    await see(second.button('conv.claim'))
    let letGo = (): void => undefined
    const held = new Promise<void>((resolve) => { letGo = resolve })
    await second.page.route('**/claim', async (route) => {
      await held
      await route.continue()
    })
    await second.button('conv.claim').click()
    await desk.view('queue')
    await desk.openConversation(conversation)
    await desk.claim()
    letGo()
    await see(second.page.getByRole('status').getByText(second.say('error.owned_by_other')))
    await see(second.page.getByText(second.say('reply.owned', { name: script.agent.name })))
    await stage.shot(second.actor, 'too late')
  })

  stage.scene('the agent reads what happened before, and why the bot answered', async () => {
    await see(desk.thread.getByText(desk.say('activity.claimed', { by: script.agent.name })))
    await see(desk.thread.getByText(script.question, { exact: true }))
    await stage.shot(desk.actor, 'claimed')
    await desk.thread.getByRole('article').filter({ hasText: script.answer }).getByRole('button', { name: desk.say('msg.why') }).click()
    const why = desk.page.getByRole('dialog', { name: desk.say('why.title') })
    await see(why.getByText(script.article.title))
    await see(why.getByText(desk.say('act.answer')))
    await stage.shot(desk.actor, 'why')
    await desk.page.keyboard.press('Escape')
    await gone(why)
  })

  stage.scene('a canned reply reaches the visitor with the name of the agent', async () => {
    await desk.replyBox.click()
    await desk.replyBox.pressSequentially(script.canned)
    await see(desk.page.getByRole('listbox', { name: desk.say('canned.title') }).getByRole('option'))
    await stage.shot(desk.actor, 'canned replies')
    await desk.page.keyboard.press('Enter')
    await desk.page.keyboard.press('Control+Enter')
    await see(widget.bubble(script.cannedSays))
    await see(widget.panel.getByRole('heading', { name: script.agent.name }))
    await stage.shot(visitor, 'agent replies')
  })

  stage.scene('a picture from the visitor is shown to the agent', async () => {
    const picture = await visitor.page.screenshot({ clip: { x: 0, y: 0, width: 480, height: 320 } })
    await widget.send(script.thanks)
    await widget.attach('光猫 modem.png', 'image/png', picture)
    const image = desk.thread.getByRole('button', { name: desk.say('msg.image', { name: '光猫 modem.png' }) }).getByRole('img')
    await see(image)
    await eventually(async () => expect(await image.evaluate((img: HTMLImageElement) => img.naturalWidth), 'width of the picture').toBe(480))
    await stage.shot(desk.actor, 'picture')
    await stage.shot(visitor, 'picture sent')
  })

  stage.scene('a private note never reaches the visitor', async () => {
    await desk.note(script.note)
    await see(desk.thread.getByRole('article', { name: desk.say('msg.note') }).getByText(script.note))
    await desk.reply('OK 👍')
    await see(widget.bubble('OK 👍'))
    await visitor.page.reload()
    await see(widget.bubble('OK 👍'))
    expect(await widget.panel.innerText(), 'what the visitor reads').not.toContain(script.note)
    expect(wire.some((frame) => frame.includes('OK')), 'the replies came over the socket').toBe(true)
    expect(wire.join('\n'), 'what went over the wire').not.toContain(script.note)
    await stage.shot(desk.actor, 'note')
  })

  stage.scene('the conversation is passed on to the colleague', async () => {
    await second.view('mine')
    await desk.page.keyboard.press('Escape')
    await desk.transfer(script.second.name, script.handover)
    await see(second.row('OK 👍').or(second.rows.locator(`[data-id="${conversation}"]`)), liveWithin)
    await second.openConversation(conversation)
    await see(second.thread.getByText(script.handover))
    await see(widget.panel.getByRole('heading', { name: script.second.name }))
    await stage.shot(second.actor, 'transferred')
  })

  stage.scene('after it is resolved the bot is back', async () => {
    await second.button('conv.resolve').click()
    await see(widget.panel.getByText(widget.words.resolved))
    await stage.shot(visitor, 'resolved')
    await widget.send(script.again)
    await see(widget.bubbles.filter({ hasText: script.againAnswer }).last())
    await see(widget.human)
    expect(await widget.panel.getByText(widget.words.newMessages).count(), 'lines over what the visitor has watched').toBe(0)
    await stage.shot(visitor, 'bot again')
  })

  stage.scene('what an editor publishes is the answer within a second', async () => {
    const editorDesk = new Desk(await stage.enter('editor', { language }), stage.server.url)
    await editorDesk.signIn('su@demo.huiyin.example', 'knowledge')
    editor = new Editor(editorDesk)
    await editor.open(script.article.find, script.article.title)
    await editor.append(script.article.addition)
    await editor.addPhrasing(script.article.phrasing)
    await stage.shot(editorDesk.actor, 'article changed')
    await editor.publish()
    await widget.askUntil(script.article.phrasing, new RegExp(script.article.addition), liveWithin)
    await stage.shot(visitor, 'new answer')
    await stage.shot(editorDesk.actor, 'article published')
  })

  stage.scene('every revision is kept, and an earlier one can be brought back', async () => {
    const drawer = await editor.revisions()
    expect(await drawer.getByRole('listitem').count(), 'revisions').toBeGreaterThanOrEqual(2)
    const actor = stage.actor('editor')
    await stage.shot(actor, 'revisions')
    await editor.restore(drawer, 1)
    expect(await editor.answer.inputValue(), 'the restored answer').not.toContain(script.article.addition)
    await editor.publish()
    await widget.askUntil(script.question, new RegExp(`^(?![\\s\\S]*${script.article.addition})[\\s\\S]*${script.answer.source}`), liveWithin)
  })
}
