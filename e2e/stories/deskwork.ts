import { expect } from 'vitest'
import { Rest } from '../harness/rest'
import { Stage } from '../harness/stage'
import { eventually, gone, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Widget } from '../pages/widget'

interface Row { id: number; status: string; tags: string[]; snooze_reason?: string; agent?: { name: string } }

/** Two agents and a lead in three browsers: views, many at once, replies that are taken back, and no two answers. */
export function deskStory(language: Language): void {
  const stage = Stage.open(`desk-${language}`)
  const words = language === 'zh'
    ? { ask: '转人工', hello: '您好，我来看看', other: '我已经在处理了', oops: '发错了', tag: '核实', reason: '等配件', view: '要核实的' }
    : { ask: 'a person please', hello: 'Hello, let me see', other: 'I am on it already', oops: 'sent by mistake', tag: 'to check', reason: 'a part is coming', view: 'To check' }
  let anna: Desk
  let lin: Desk
  let lead: Desk
  let visitor: Widget
  let id = ''

  const rest = (desk: Desk): Rest => new Rest(desk.page.request, stage.server.url)
  const row = (desk: Desk, of = id): Promise<Row> => rest(desk).call<Row>('GET', `/conversations/${of}`)

  stage.scene('two agents and a lead come in, a customer asks for a person', async () => {
    anna = new Desk(await stage.enter('anna', { language }), stage.server.url)
    lin = new Desk(await stage.enter('lin', { language, ...(language === 'en' ? { width: 390, height: 844 } : {}) }), stage.server.url)
    lead = new Desk(await stage.enter('lead', { language }), stage.server.url)
    await Promise.all([anna.signIn('anna@demo.huiyin.example', 'inbox/queue'), lin.signIn('lin@demo.huiyin.example', 'inbox/queue'), lead.signIn('zhou@demo.huiyin.example', 'inbox/queue')])
    await see(anna.rows)
    const before = await anna.ids()
    visitor = new Widget(await stage.enter('visitor', { language }))
    await visitor.visit(stage.server.url)
    await visitor.open()
    await visitor.send(words.ask)
    id = await eventually(async () => {
      const fresh = (await anna.ids()).filter((one) => !before.includes(one))
      expect(fresh).toHaveLength(1)
      return fresh[0] ?? ''
    })
  })

  stage.scene('who looks at the same conversation is told', async () => {
    await Promise.all([anna.open(`inbox/queue/${id}`), lead.open(`inbox/queue/${id}`)])
    await see(anna.replyBox)
    await see(anna.page.getByText(anna.say('viewers.one', { names: '周航' })))
    await stage.shot(anna.actor, 'a colleague looks too')
  })

  stage.scene('a reply is taken back before the customer gets it', async () => {
    await rest(anna).call('PATCH', '/me', { undo_seconds: 20 })
    await anna.page.reload()
    await anna.reply(words.oops)
    const strip = anna.page.getByRole('list', { name: anna.say('later.title') })
    await see(strip.getByText(words.oops))
    await stage.shot(anna.actor, 'goes out in some seconds')
    await strip.getByRole('button', { name: anna.say('later.undo') }).click()
    await gone(strip)
    expect(await anna.replyBox.inputValue()).toBe(words.oops)
    await anna.replyBox.fill('')
    await rest(anna).call('PATCH', '/me', { undo_seconds: 0 })
    await anna.page.reload()
    await anna.reply(words.hello)
    await see(visitor.replies.filter({ hasText: words.hello }))
    expect(await visitor.panel.getByText(words.oops).count(), 'what was taken back').toBe(0)
  })

  stage.scene('what a colleague has just said is shown before a second answer goes out', async () => {
    lead.actor.forgive(/status of 409/, /\/events/, /ERR_FAILED/)
    await lead.page.route('**/events*', (route) => route.abort())
    await lead.open(`inbox/all/${id}`)
    await lead.button('conv.takeover').first().click()
    await see(lead.replyBox)
    const answer = await rest(anna).call<{ seq: number }>('POST', `/conversations/${id}/claim`, {}).catch(() => null)
    expect(answer, 'the lead has it now').toBeNull()
    await rest(lead).call('POST', `/conversations/${id}/transfer`, { agent_id: (await rest(anna).call<{ id: number }>('GET', '/me')).id })
    await rest(anna).call('POST', `/conversations/${id}/messages`, { text: words.other })
    await rest(lead).call('POST', `/conversations/${id}/claim`, { take_over: true })
    await lead.reply('?')
    const strip = lead.page.getByRole('alertdialog', { name: lead.say('collision.text') })
    await see(strip.getByText(words.other))
    await stage.shot(lead.actor, 'collision')
    await strip.getByRole('button', { name: lead.say('collision.edit') }).click()
    expect(await lead.replyBox.inputValue()).toBe('?')
    await lead.page.unroute('**/events*')
  })

  stage.scene('a note names a colleague, who is told', async () => {
    await lead.page.getByRole('tab', { name: lead.say('note.tab') }).click()
    const note = lead.page.getByPlaceholder(lead.say('reply.placeholder.note'))
    await note.pressSequentially('@Anna')
    await lead.page.keyboard.press('Enter')
    await note.pressSequentially('?')
    const [sent] = await Promise.all([lead.page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/messages')), lead.page.keyboard.press('Control+Enter')])
    expect((sent.postDataJSON() as { mention_agents: number[] }).mention_agents).toHaveLength(1)
    await stage.shot(lead.actor, 'a note that names somebody')
  })

  stage.scene('many are tagged at once, and it is undone', async () => {
    await anna.open('inbox/all')
    await see(anna.rows)
    await anna.rows.nth(1).hover()
    for (const at of [0, 1, 2]) await anna.rows.nth(at).getByRole('checkbox').check({ force: true })
    await see(anna.page.getByText(anna.say('select.n', { n: 3 })))
    await anna.button('bulk.tag').click()
    const dialog = anna.page.getByRole('dialog', { name: anna.say('bulk.tag') })
    await dialog.getByRole('textbox').or(dialog.getByRole('combobox')).first().fill(words.tag)
    await anna.page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: anna.say('bulk.apply') }).click()
    await see(anna.rows.nth(0).getByText(words.tag))
    await stage.shot(anna.actor, 'three at once')
    const tagged = async (): Promise<number> => (await rest(anna).call<{ items: Row[] }>('GET', `/conversations?tag=${encodeURIComponent(words.tag)}`)).items.length
    expect(await tagged()).toBe(3)
    await anna.page.getByRole('status').getByRole('button', { name: anna.say('undo') }).click()
    await eventually(async () => expect(await tagged()).toBe(0))
  })

  stage.scene('a saved view counts and lists what it means', async () => {
    await rest(anna).call('PATCH', `/conversations/${id}`, { tags: [words.tag] })
    await rest(lead).call('POST', '/views', { name: words.view, audience: 'all', criteria: { tags: [words.tag], status: ['open', 'snoozed'] }, sort: 'waiting' })
    await anna.open('inbox/all')
    await anna.page.getByRole('link', { name: new RegExp(words.view) }).click()
    await eventually(async () => expect(await anna.ids()).toEqual([id]))
    await see(anna.page.getByRole('link', { name: `${words.view} 1` }))
    await stage.shot(anna.actor, 'a saved view')
  })

  stage.scene('snoozed with a reason by the palette, without a mouse', async () => {
    await rest(lead).call('POST', `/conversations/${id}/claim`, { take_over: true }).catch(() => undefined)
    await lead.open(`inbox/all/${id}`)
    await see(lead.replyBox)
    const { keyboard } = lead.page
    await keyboard.press('Control+k')
    await keyboard.type(lead.say('conv.snooze'))
    await stage.shot(lead.actor, 'palette')
    await keyboard.press('Enter')
    await lead.page.getByPlaceholder(lead.say('snooze.reason.placeholder')).fill(words.reason)
    await lead.page.getByRole('menuitem', { name: lead.say('snooze.reply') }).click()
    await eventually(async () => expect(await row(lead)).toMatchObject({ status: 'snoozed', snooze_reason: words.reason }))
    await visitor.send(words.ask)
    await eventually(async () => expect((await row(lead)).status).toBe('open'))
  })

  stage.scene('the narrow desk has the same views and the same box', async () => {
    await lin.open(`inbox/all/${id}`)
    await see(lin.thread)
    await stage.shot(lin.actor, 'narrow')
  })

  stage.scene('the lead plans shifts, one is handed over between colleagues', async () => {
    const shift = (desk: Desk) => desk.page.getByRole('button', { name: /09:00–17:00/ }).filter({ visible: true }).first()
    const nextWeek = async (desk: Desk): Promise<void> => {
      await desk.open('roster')
      await desk.page.getByRole('button', { name: desk.say('roster.after'), exact: true }).click()
    }
    await nextWeek(lead)
    await lead.button('roster.add').first().click()
    const plan = lead.page.getByRole('dialog', { name: lead.say('roster.add') })
    await plan.getByLabel(lead.say('roster.agent')).selectOption({ label: '林晓' })
    await plan.getByRole('button', { name: lead.say('roster.add') }).click()
    await see(shift(lead))
    await nextWeek(lin)
    await shift(lin).click()
    await lin.page.getByLabel(lin.say('roster.ask')).selectOption({ label: 'Anna Chen' })
    await lin.button('roster.ask.do').click()
    await stage.shot(lin.actor, 'asked to take a shift over')
    await nextWeek(anna)
    await anna.button('roster.yes').click()
    await see(anna.page.getByText(anna.say('roster.taken')))
    await stage.shot(anna.actor, 'roster')
  })
}
