import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import { axeFaults, nameless, spoken } from '../harness/axe'
import { faint } from '../harness/contrast'
import { faults } from '../harness/look'
import { Rest } from '../harness/rest'
import { lookShot } from '../harness/shots'
import { Stage } from '../harness/stage'
import { eventually, gone, see } from '../harness/wait'
import { scripts } from '../harness/script'
import { Desk } from '../pages/desk'
import { Widget } from '../pages/widget'

const secret = 'a secret of sixteen and more'
const long = (n: number): string => Array.from({ length: n }, (_, i) => `${i + 1}. 第 ${i + 1} 步，请按提示操作。Step ${i + 1}: follow what the screen says, and wait until the light is green.`).join('\n\n')

/** Looks at the chat as it stands: in both themes, with colours forced, and on a phone. */
async function look(widget: Widget, what: string): Promise<string[]> {
  const { page } = widget
  const found: string[] = []
  const shoot = (...how: string[]): Promise<void> => lookShot(page, 'widget', what, widget.language, ...how)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await shoot(colorScheme)
    // Of what axe knows only the contrast depends on the theme.
    if (colorScheme === 'light') found.push(...await axeFaults(page, 'huiyin-chat'))
    found.push(...(await faint(page)).map((one) => `${colorScheme}: ${one}`))
  }
  await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'reduce' })
  await shoot('forced')
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' })
  const size = page.viewportSize() ?? { width: 1024, height: 800 }
  await page.setViewportSize({ width: 390, height: 844 })
  await shoot('390')
  found.push(...await axeFaults(page, 'huiyin-chat'), ...await faults(page))
  await page.setViewportSize(size)
  found.push(...nameless(await spoken(page)))
  return [...new Set(found)].map((one) => `${what}: ${one}`)
}

/** A screen reader meets these one after the other on its way down. */
async function heardInOrder(widget: Widget, wanted: string[]): Promise<void> {
  const heard = (await spoken(widget.page)).map(({ role, name }) => `${role}: ${name}`)
  let at = -1
  const met = wanted.filter((one) => {
    const next = heard.indexOf(one, at + 1)
    if (next > at) at = next
    return next >= 0
  })
  expect(met, `what is heard: ${heard.join(' | ')}`).toEqual(wanted)
}

/** Every state of the chat, as it looks, sounds to a screen reader, and is used by keyboard. */
export function everyState(language: 'zh' | 'tw' | 'en'): void {
  const stage = Stage.open(`widget states ${language}`)
  const script = scripts[language === 'en' ? 'en' : 'zh']
  const found: string[] = []
  let widget: Widget
  let owner: Desk
  let rest: Rest

  const visit = async (name: string, query = ''): Promise<Widget> => {
    const actor = await stage.enter(name, { language: language === 'en' ? 'en' : 'zh', width: 1024, height: 800, context: { locale: { zh: 'zh-CN', tw: 'zh-TW', en: 'en-GB' }[language], permissions: ['microphone'] } })
    const visiting = new Widget(actor, actor.page, language)
    if (language === 'tw') await actor.page.goto(`${stage.server.url}/chat/1?lang=zh-TW${query}`)
    else {
      await visiting.visit(stage.server.url)
      await actor.page.getByRole('button', { name: new RegExp(`^${visiting.words.open}`) }).click()
    }
    return visiting
  }

  stage.scene('the owner prepares', async () => {
    owner = new Desk(await stage.enter('owner', { language: 'en' }), stage.server.url)
    await owner.signIn('owner@demo.huiyin.example')
    rest = new Rest(owner.actor.context.request, stage.server.url)
    const text = { question: 'zebra modem guide', answer: long(14), similar: [] }
    const article = await rest.call<{ id: number; version: number }>('POST', '/articles', { key: 'guide', languages: { en: text, 'zh-CN': { ...text, question: '斑马光猫手册' } } })
    await rest.call('POST', `/articles/${article.id}/publish`, { version: article.version })
  })

  stage.scene('at first', async () => {
    widget = await visit('visitor')
    await see(widget.field)
    await eventually(async () => expect(await widget.panel.getByRole('group', { name: widget.words.suggestions }).count()).toBe(1))
    found.push(...await look(widget, '01 empty'))
  })

  stage.scene('an answer, choices, and the reason why it did not help', async () => {
    await widget.send(script.outOfScope)
    const choices = widget.panel.getByRole('group', { name: widget.words.choices })
    await see(choices.getByRole('button'))
    await widget.send(script.meant)
    await gone(choices.getByRole('button'))
    await see(widget.replies.filter({ hasText: script.meantAnswer }))
    await widget.button(widget.words.no).last().click()
    const why = widget.panel.getByRole('group', { name: widget.words.whyNot })
    await see(why)
    found.push(...await look(widget, '02 conversation'))
    await heardInOrder(widget, [
      `button: ${widget.words.human}`, `button: ${widget.words.more}`, `StaticText: ${widget.words.you}`, `StaticText: ${script.outOfScope}`,
      `StaticText: ${widget.words.botName}`, `group: ${widget.words.choices}`, `StaticText: ${widget.words.you}`, `StaticText: ${script.meant}`,
      `StaticText: ${widget.words.botName}`, `button: ${widget.words.yes}`, `button: ${widget.words.no}`, `group: ${widget.words.whyNot}`, `button: ${widget.words.whyLong}`,
      `textbox: ${widget.words.composer}`, `button: ${widget.words.send}`,
    ])
    await why.getByRole('button', { name: widget.words.whyLong }).click()
    await gone(why)
  })

  stage.scene('a long answer is opened as a page', async () => {
    await widget.send(language === 'en' ? 'zebra modem guide' : '斑马光猫手册')
    const whole = widget.panel.getByRole('button', { name: widget.words.readAll })
    await see(whole)
    await whole.click()
    await see(widget.panel.getByRole('article').getByText(/Step 14/))
    found.push(...await look(widget, '03 reader'))
    await widget.page.keyboard.press('Escape')
    await gone(widget.panel.getByRole('article'))
    expect(await whole.evaluate((e) => (e.getRootNode() as ShadowRoot).activeElement === e), 'the focus is back where it was').toBe(true)
  })

  stage.scene('the menu and the emoji are used by keyboard', async () => {
    const { keyboard } = widget.page
    await widget.button(widget.words.more).press('Enter')
    await see(widget.panel.getByRole('menu'))
    await keyboard.press('ArrowUp')
    found.push(...await look(widget, '04 menu'))
    await keyboard.press('Escape')
    await gone(widget.panel.getByRole('menu'))
    await widget.field.fill('ab')
    await widget.field.press('ArrowLeft')
    await widget.button(widget.words.emoji).press('Enter')
    const grid = widget.panel.getByRole('grid')
    await see(grid)
    found.push(...await look(widget, '05 emoji'))
    await grid.getByRole('button').first().focus()
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'Enter', 'Escape']) await keyboard.press(key)
    await gone(grid)
    const nth = await widget.field.inputValue()
    expect([...nth].length, `an emoji between a and b: ${nth}`).toBe(3)
    await widget.field.fill('')
  })

  stage.scene('a voice message', async () => {
    await widget.button(widget.words.voice).click()
    await see(widget.panel.getByText(widget.say('recording')))
    found.push(...await look(widget, '06 recording'))
    await widget.button(widget.say('stop')).click()
    await see(widget.button(widget.say('listen')))
    await widget.button(widget.say('sendVoice')).click()
    await see(widget.panel.locator('audio'))
    found.push(...await look(widget, '07 voice sent'))
  })

  stage.scene('in the queue, and a message left', async () => {
    await widget.human.click()
    await see(widget.panel.getByText(widget.words.queueStay))
    found.push(...await look(widget, '08 queue'))
    await widget.panel.getByRole('button', { name: widget.words.leaveHere }).click()
    await widget.button(widget.say('leaveDo')).click()
    await see(widget.panel.getByText(widget.say('agreeFirst')))
    found.push(...await look(widget, '09 leave with faults'))
    await widget.panel.getByLabel(widget.say('email')).fill('ann@example.com')
    await widget.panel.getByLabel(new RegExp(`^${widget.say('message')}`)).fill('please call back')
    await widget.panel.getByLabel(widget.say('leaveAgree')).check()
    await widget.button(widget.say('leaveDo')).click()
    await see(widget.panel.getByText(widget.say('left')))
    await widget.panel.getByRole('button', { name: widget.words.back }).last().click()
    await see(widget.bubble('please call back'))
  })

  stage.scene('an agent, then the rating and the transcript', async () => {
    const desk = new Desk(await stage.enter('agent', { language: 'en' }), stage.server.url)
    await desk.signIn(script.agent.email, 'inbox/queue')
    await see(desk.row('please call back').or(desk.rows.last()))
    await desk.rows.filter({ hasText: 'please call back' }).getByRole('link').first().click()
    await desk.claim()
    await desk.reply('Here I am')
    await see(widget.panel.getByRole('heading', { name: script.agent.name }))
    found.push(...await look(widget, '10 agent'))
    await desk.button('conv.resolve').click()
    await see(widget.panel.getByText(widget.say('howWasIt')))
    found.push(...await look(widget, '11 rating'))
    await widget.panel.getByRole('radio', { name: /^4/ }).check({ force: true })
    await widget.panel.getByLabel(widget.say('comment')).fill('quick')
    found.push(...await look(widget, '12 rating chosen'))
    await widget.button(widget.say('rate')).click()
    await see(widget.panel.getByText(widget.say('rated')))
    await widget.choose('transcript')
    await see(widget.panel.getByRole('link', { name: widget.say('print') }))
    found.push(...await look(widget, '13 transcript'))
    const page = await fetch((await widget.panel.getByRole('link', { name: widget.say('print') }).getAttribute('href')) ?? '')
    expect([page.status, (await page.text()).includes('Here I am')]).toEqual([200, true])
    await widget.panel.getByRole('button', { name: widget.words.back }).click()
    await stage.leave(desk.actor)
  })

  stage.scene('without network', async () => {
    widget.actor.forgive(/net::ERR_/, /WebSocket/)
    await widget.actor.context.setOffline(true)
    await widget.field.fill('are you there?')
    await widget.field.press('Enter')
    await see(widget.panel.getByText(widget.words.notSent))
    found.push(...await look(widget, '14 offline'))
    await widget.actor.context.setOffline(false)
    await gone(widget.panel.getByText(widget.words.notSent))
    await stage.leave(widget.actor)
  })

  stage.scene('the form before the chat, and opening hours', async () => {
    await rest.call('PATCH', '/inboxes/1', { settings: {
      pre_chat: 'required', identity_secret: secret, hours: 'mon-sun 00:00-00:01',
      pre_chat_fields: 'name*\nemail*\nregion | select | 地区 | Region | 江岚, 青屿', consent_text: '我同意处理我的个人信息。', consent_text_en: 'I agree that my data are processed.',
    } })
    const asked = (): Promise<string> => fetch(`${stage.server.url}/chat/1/session`, { method: 'POST', body: '{}' }).then(async (answer) => ((await answer.json()) as { config: { pre_chat: string } }).config.pre_chat)
    await eventually(async () => expect(await asked(), 'the new settings hold').toBe('required'))
    const guest = await visit('guest')
    await see(guest.button(guest.words.introStart))
    await guest.button(guest.words.introStart).click()
    await see(guest.panel.getByText(guest.say('required')).first())
    found.push(...await look(guest, '15 form with faults'))
    const fields = guest.panel.getByRole('textbox')
    await fields.nth(0).fill('李清')
    await fields.nth(1).fill('li@example.com')
    await guest.panel.getByRole('checkbox').check()
    await guest.button(guest.words.introStart).click()
    await see(guest.field)
    await guest.send('hello')
    await guest.human.click()
    await see(guest.panel.getByText(guest.words.queueStay))
    await stage.leave(guest.actor)
  })

  stage.scene('a known visitor finds earlier conversations', async () => {
    const guest = await visit('known')
    const hash = createHmac('sha256', secret).update('42').digest('hex')
    await guest.page.evaluate((identity) => (window as unknown as { huiyin: { identify(i: unknown): void } }).huiyin.identify(identity), { id: '42', hash, name: '王丽' })
    await see(guest.field)
    await guest.send(script.question)
    await see(guest.replies.filter({ hasText: script.answer }))
    await guest.choose('past')
    const row = guest.panel.locator('.past li').first()
    await see(row)
    found.push(...await look(guest, '16 past'))
    await row.getByRole('button').click()
    await see(guest.panel.locator('.past.read').getByText(script.answer))
    found.push(...await look(guest, '17 past read'))
    await stage.leave(guest.actor)
  })

  stage.scene('nothing of it was wrong', async () => {
    expect(found).toEqual([])
  })
}
