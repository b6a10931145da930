import { expect } from 'vitest'
import { blindStops } from './harness/look'
import { Stage } from './harness/stage'
import { eventually, gone, see } from './harness/wait'
import { Desk } from './pages/desk'
import { Widget } from './pages/widget'

const stage = Stage.open('keyboard')
let desk: Desk

const openId = (): string => /\/(\d+)$/.exec(new URL(desk.page.url()).pathname)?.[1] ?? ''

stage.scene('J and K move, Enter opens, R replies, Ctrl+Enter sends, E resolves', async () => {
  desk = new Desk(await stage.enter('agent', { language: 'en' }), stage.server.url)
  await desk.signIn('anna@demo.huiyin.example', 'inbox/mine')
  await see(desk.rows)
  const ids = await desk.ids()
  const { keyboard } = desk.page
  await desk.page.locator('body').click({ position: { x: 700, y: 800 } })
  await keyboard.press('Enter')
  await eventually(async () => expect(openId(), 'Enter opens the first').toBe(ids[0]))
  await keyboard.press('j')
  await eventually(async () => expect(openId(), 'J goes to the next').toBe(ids[1]))
  await keyboard.press('k')
  await eventually(async () => expect(openId(), 'K goes back').toBe(ids[0]))
  await see(desk.replyBox)
  await keyboard.press('r')
  await eventually(async () => expect(await desk.replyBox.evaluate((field) => field === document.activeElement), 'R puts the focus into the reply').toBe(true))
  await keyboard.type('written without a mouse')
  await keyboard.press('Control+Enter')
  await see(desk.thread.getByText('written without a mouse'))
  await keyboard.press('Escape')
  await keyboard.press('n')
  await keyboard.type('j k e are letters here')
  await keyboard.press('Control+Enter')
  await see(desk.thread.getByRole('article', { name: desk.say('msg.note') }).getByText('j k e are letters here'))
  await keyboard.press('Escape')
  await stage.shot(desk.actor, 'by keyboard')
  await keyboard.press('e')
  await see(desk.button('conv.reopen'))
})

stage.scene('? explains the keys, Ctrl+K goes anywhere, Escape leaves', async () => {
  const { keyboard } = desk.page
  await keyboard.press('?')
  const help = desk.page.getByRole('dialog', { name: desk.say('keys.title') })
  await see(help.getByText(desk.say('keys.resolve')))
  await stage.shot(desk.actor, 'help')
  await keyboard.press('Escape')
  await gone(help)
  await keyboard.press('Control+k')
  const palette = desk.page.getByRole('dialog', { name: desk.say('keys.palette') })
  await see(palette)
  await keyboard.type(desk.say('view.queue'))
  await stage.shot(desk.actor, 'palette')
  await keyboard.press('Enter')
  await gone(palette)
  await desk.page.waitForURL('**/inbox/queue')
})

stage.scene('the focus can be seen at every stop', async () => {
  await desk.open('inbox/queue')
  await see(desk.rows)
  expect(await blindStops(desk.page, 24)).toEqual([])
})

stage.scene('the widget is used without a mouse', async () => {
  const visitor = await stage.enter('visitor', { language: 'en' })
  const widget = new Widget(visitor)
  await widget.visit(stage.server.url)
  const { keyboard } = visitor.page
  const launcher = visitor.page.getByRole('button', { name: widget.words.open })
  await see(launcher)
  for (let i = 0; i < 80 && !(await focused(widget, widget.words.open)); i++) await keyboard.press('Tab')
  await keyboard.press('Enter')
  await see(widget.field)
  await keyboard.type('password')
  await keyboard.press('Enter')
  const choice = widget.panel.getByRole('button', { name: 'How do I change my Wi-Fi password?' })
  await see(choice)
  expect(await blindStops(visitor.page, 4)).toEqual([])
  for (let i = 0; i < 20 && !(await focused(widget, 'How do I change my Wi-Fi password?')); i++) await keyboard.press('Shift+Tab')
  await stage.shot(visitor, 'focus on a choice')
  await keyboard.press('Enter')
  await see(widget.bubble(/Change password/))
  await keyboard.press('Escape')
  await gone(widget.panel)
  await eventually(async () => expect(await focused(widget, widget.words.open), 'the focus is back on the launcher').toBe(true))
})

/** Whether the element of that name has the focus, inside the widget or outside. */
async function focused(widget: Widget, name: string): Promise<boolean> {
  return widget.page.evaluate((wanted) => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    return (at?.getAttribute('aria-label') ?? at?.textContent ?? '').trim() === wanted
  }, name)
}
