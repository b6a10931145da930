import { expect } from 'vitest'
import { Rest } from './harness/rest'
import { Stage } from './harness/stage'
import { eventually, see } from './harness/wait'
import { Desk } from './pages/desk'
import { Widget } from './pages/widget'

const stage = Stage.open('lead')
let lead: Desk
let agent: Desk
let visitor: Widget
let id = ''

stage.scene('who waits is on the board within a second', async () => {
  lead = new Desk(await stage.enter('lead', { language: 'en' }), stage.server.url)
  await lead.signIn('zhou@demo.huiyin.example', 'board')
  await see(lead.page.getByRole('heading', { name: lead.say('nav.board') }))
  const before = (await new Rest(lead.page.request, stage.server.url).call<{ queue: { id: number }[] }>('GET', '/board')).queue.map((one) => one.id)
  visitor = new Widget(await stage.enter('visitor', { language: 'en' }))
  await visitor.visit(`${stage.server.url}/`)
  await visitor.open()
  await visitor.send('talk to a person please, my line in Elm Street is dead')
  const asLead = new Rest(lead.page.request, stage.server.url)
  await eventually(async () => {
    const { queue } = await asLead.call<{ queue: { id: number }[] }>('GET', '/board')
    id = String(queue.map((one) => one.id).filter((one) => !before.includes(one))[0] ?? '')
    expect(id).not.toBe('')
  })
  await see(lead.page.getByRole('region', { name: lead.say('board.queue') }).locator(`a[href$="/inbox/all/${id}"]`), 1000)
  await stage.shot(lead.actor, 'board')
})

stage.scene('a whisper rings the bell of the agent who has it; the lead joins and answers too', async () => {
  agent = new Desk(await stage.enter('agent', { language: 'en' }), stage.server.url)
  await agent.signIn('anna@demo.huiyin.example', `inbox/all/${id}`)
  const asAgent = new Rest(agent.page.request, stage.server.url)
  const asLead = new Rest(lead.page.request, stage.server.url)
  await asAgent.call('POST', `/conversations/${id}/claim`, {})
  await asLead.call('POST', `/conversations/${id}/whisper`, { text: 'offer them a visit tomorrow' })
  await see(agent.page.getByRole('button', { name: agent.say('notice.bell.unread', { n: 1 }) }))
  await agent.page.getByRole('button', { name: agent.say('notice.bell.unread', { n: 1 }) }).click()
  await see(agent.page.getByRole('dialog').getByText('offer them a visit tomorrow'))
  await stage.shot(agent.actor, 'bell')
  await asLead.call('POST', `/conversations/${id}/join`, {})
  await asLead.call('POST', `/conversations/${id}/messages`, { text: 'We can come tomorrow.' })
  await see(visitor.panel.getByText('We can come tomorrow.'))
})

stage.scene('a rating becomes a figure, and the figure opens its conversation', async () => {
  await new Rest(agent.page.request, stage.server.url).call('POST', `/conversations/${id}/resolve`)
  await visitor.panel.getByRole('radio').last().check({ force: true })
  await visitor.button(visitor.say('rate')).click()
  await see(visitor.panel.getByText(visitor.say('rated')))
  await eventually(async () => {
    await lead.page.goto(`${stage.server.url}/console/overview/reports`)
    await lead.page.getByRole('button', { name: lead.say('figure.rated') }).click()
    await see(lead.page.getByRole('button', { name: lead.say('figure.rated') }).getByText('5.0'), 3000)
  })
  await lead.page.getByRole('button', { name: lead.say('reports.show') }).click()
  const behind = lead.page.getByRole('dialog', { name: lead.say('figure.behind.rated') })
  await see(behind.getByRole('link').first())
  expect(await behind.getByRole('link').first().getAttribute('href')).toContain(`/console/inbox/all/${id}`)
  await stage.shot(lead.actor, 'behind')
})
