import { expect } from 'vitest'
import { faint } from './harness/contrast'
import { faults } from './harness/look'
import { Site } from './harness/site'
import { Stage } from './harness/stage'
import { eventually, see } from './harness/wait'
import { Desk } from './pages/desk'
import { Editor } from './pages/editor'
import { Widget } from './pages/widget'

const stage = Stage.open('first run', { demo: false })
let desk: Desk
let snippet = ''

stage.scene('the link from the terminal leads to the owner account', async () => {
  const link = /http\S+sign-in\?token=\S+/.exec(stage.server.printed)?.[0]
  expect(link, 'the link that the server prints').toBeDefined()
  desk = new Desk(await stage.enter('owner', { language: 'zh' }), stage.server.url)
  await desk.page.goto(link ?? '')
  await see(desk.page.getByRole('heading', { name: desk.say('setup.title') }))
  await stage.shot(desk.actor, 'set-up')
  expect(await desk.page.getByLabel(desk.say('setup.token')).inputValue(), 'the token is filled in').not.toBe('')
  await desk.page.getByLabel(desk.say('setup.name')).fill('李清')
  await desk.page.getByLabel(desk.say('sign.email')).fill('li@example.com')
  await desk.page.getByLabel(desk.say('setup.password')).fill('a long password')
  await desk.button('setup.do').click()
  await see(desk.page.getByRole('navigation', { name: desk.say('nav.main') }))
})

stage.scene('empty pages say what will be there', async () => {
  const found: string[] = []
  for (const path of ['inbox/mine', 'inbox/all', 'knowledge', 'overview', 'settings/inboxes', 'settings/teams', 'settings/canned', 'settings/keys']) {
    await desk.open(path)
    await see(desk.page.getByRole('main'))
    await desk.page.waitForLoadState('networkidle')
    await stage.shot(desk.actor, `empty ${path}`)
    found.push(...[...await faults(desk.page), ...await faint(desk.page)].map((one) => `${path}: ${one}`))
  }
  expect(found).toEqual([])
})

stage.scene('the owner makes a web chat and gets the snippet to embed', async () => {
  await desk.open('settings/inboxes')
  await desk.button('inbox.new').first().click()
  await desk.page.getByLabel(desk.say('inbox.name'), { exact: true }).fill('官网')
  await desk.page.getByRole('button', { name: desk.say('create'), exact: true }).click()
  const code = desk.page.getByRole('textbox', { name: desk.say('inbox.embed') })
  await see(code)
  await eventually(async () => expect((await code.boundingBox())?.y, 'the snippet is in sight').toBeGreaterThan(0))
  snippet = await code.inputValue()
  await stage.shot(desk.actor, 'snippet')
})

stage.scene('the first article is written and published', async () => {
  await desk.open('knowledge/new')
  const editor = new Editor(desk)
  await desk.page.getByRole('textbox', { name: desk.say('article.question') }).fill('你们几点开门？')
  await editor.answer.fill('每天 **9:00** 开门。')
  await desk.page.getByRole('button', { name: desk.say('article.publish'), exact: true }).click()
  await desk.page.getByRole('dialog').getByRole('button', { name: desk.say('publish.do') }).click()
  await see(desk.page.getByRole('status').getByText(desk.say('article.published.toast')))
})

stage.scene('a site with the snippet answers its visitors', async () => {
  const site = await Site.build(snippet)
  const visitor = new Widget(await stage.enter('visitor', { language: 'zh' }))
  await visitor.page.goto(site.url)
  await visitor.open()
  await visitor.askUntil('几点开门', /9:00/, 2_000)
  await stage.shot(visitor.actor, 'answered')
  await site.remove()
  await desk.open('inbox/bot')
  await see(desk.rows)
})
