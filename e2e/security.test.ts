import { expect } from 'vitest'
import { Rest } from './harness/rest'
import { Site } from './harness/site'
import { Stage } from './harness/stage'
import { eventually, see } from './harness/wait'
import { Desk } from './pages/desk'
import { Widget } from './pages/widget'

const stage = Stage.open('security')

/** Markup that calls the probe of every page wherever it is taken for more than text. */
function hostile(where: string): string {
  return `<img src=x onerror="xss('${where}')"><script>xss('${where}')</script><svg onload="xss('${where}')">"'>{{constructor.constructor('xss(1)')()}}`
}

const markdown = (where: string): string =>
  `${hostile(where)}\n\n[press me](javascript:xss('${where}')) ![](x" onerror="xss('${where}')) <a href="javascript:xss('${where}')">or me</a> <details open ontoggle="xss('${where}')">more</details>`

const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="top.xss?.('svg')"><script>top.xss?.('svg')</script></svg>`)

let owner: Desk
let visitor: Widget
let conversation = ''

/** Follows every link and presses every button that came as data; none may do more than lead elsewhere. */
async function noScriptLinks(page: Widget['page']): Promise<void> {
  const links = await page.locator('a[href]').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))
  expect(links.filter((href) => /^\s*(javascript|data|vbscript):/i.test(href)), 'links that would run').toEqual([])
}

stage.scene('hostile words in articles and canned replies are only words', async () => {
  owner = new Desk(await stage.enter('owner', { language: 'en' }), stage.server.url)
  await owner.signIn('owner@demo.huiyin.example')
  const rest = new Rest(owner.actor.context.request, stage.server.url)
  const article = await rest.call<{ id: number; version: number }>('POST', '/articles', {
    key: 'hostile', category: hostile('category'), tags: ['<b onclick=xss(2)>tag'], languages: { en: { question: `zebra crossing permit ${hostile('question')}`, answer: markdown('answer'), similar: [hostile('similar')] } },
  })
  await rest.call('POST', `/articles/${article.id}/publish`, { version: article.version })
  await rest.call('POST', '/canned-replies', { shortcut: 'hostile', title: hostile('title').slice(0, 100), text: markdown('canned'), language: 'en' })
  await rest.call('PATCH', '/inboxes/1', { settings: { pre_chat: 'optional', greeting: hostile('greeting'), greeting_en: hostile('greeting') } })
  for (const path of [`knowledge/${article.id}`, 'settings/canned', 'settings/audit', 'settings/inboxes']) {
    await owner.open(path)
    await see(owner.page.getByRole('main'))
    await owner.page.waitForLoadState('networkidle')
    await noScriptLinks(owner.page)
    await stage.shot(owner.actor, path)
  }
})

stage.scene('a visitor with a hostile name, page, question and file', async () => {
  visitor = new Widget(await stage.enter('visitor', { language: 'en' }))
  visitor.actor.forgive(/status of 415 .*\/files/, /status of 400 .*\/session/)
  await visitor.visit(stage.server.url)
  await visitor.page.evaluate((title) => { document.title = title }, hostile('page'))
  await visitor.page.getByRole('button', { name: visitor.words.open }).click()
  await visitor.panel.getByLabel(visitor.words.introName).fill(hostile('name').slice(0, 100))
  await visitor.panel.getByLabel(visitor.words.introEmail).fill('"<img/src=x/onerror=xss(3)>"@evil.example')
  await stage.shot(visitor.actor, 'form')
  await visitor.button(visitor.words.introStart).click()
  const email = visitor.panel.getByLabel(visitor.words.introEmail)
  await eventually(async () => expect(await email.getAttribute('aria-invalid'), 'an address of quoted markup').toBe('true'))
  await email.fill('ann@evil.example')
  await visitor.button(visitor.words.introStart).click()
  await see(visitor.field)
  await visitor.field.fill(markdown('text'))
  await visitor.field.press('Enter')
  await see(visitor.bubble('press me'))
  await visitor.send('zebra crossing permit')
  await eventually(async () => expect(await visitor.replies.last().innerText()).toContain('press me'))
  await noScriptLinks(visitor.page)
  await visitor.attach(`<img src=x onerror=xss(4)>.png`, 'image/png', await visitor.page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 64 } }))
  await visitor.panel.getByLabel(visitor.words.attach).setInputFiles({ name: '<svg onload=xss(6)>.png', mimeType: 'image/png', buffer: svg })
  await see(visitor.panel.getByRole('alert').getByText('<svg onload=xss(6)>.png'))
  await visitor.attach('<svg onload=xss(5)>.txt', 'text/plain', Buffer.from('only words'))
  await eventually(async () => expect(await visitor.panel.getByRole('link').filter({ hasText: '.txt' }).count()).toBe(1))
  await stage.shot(visitor.actor, 'hostile visitor')
  await visitor.human.click()
})

stage.scene('the agent reads it all, and nothing runs', async () => {
  await owner.open('inbox/queue')
  const row = owner.rows.last()
  await see(row)
  await row.getByRole('link').click()
  await see(owner.thread.getByText('zebra crossing permit', { exact: true }))
  conversation = new URL(owner.page.url()).pathname.split('/').pop() ?? ''
  await noScriptLinks(owner.page)
  await owner.thread.getByRole('button', { name: owner.say('msg.why') }).last().click()
  await see(owner.page.getByRole('dialog'))
  await owner.page.keyboard.press('Escape')
  await owner.claim()
  await owner.replyBox.fill('')
  await owner.replyBox.pressSequentially('/hostile')
  await see(owner.page.getByRole('option'))
  await owner.page.keyboard.press('Enter')
  // What stands in double braces is a variable that nothing is known for: it is asked for by its name.
  const asks = owner.page.getByRole('dialog', { name: owner.say('macro.ask') })
  await asks.getByRole('textbox').first().fill(`<img src=x onerror="xss('variable')">`)
  await asks.getByRole('button', { name: owner.say('macro.insert') }).click()
  await owner.page.keyboard.press('Control+Enter')
  await owner.note(markdown('note'))
  await see(owner.thread.getByRole('article', { name: owner.say('msg.note') }))
  await eventually(async () => expect(await visitor.replies.last().innerText()).toContain('press me'))
  await noScriptLinks(visitor.page)
  await noScriptLinks(owner.page)
  await stage.shot(owner.actor, 'hostile thread')
  await owner.open('overview')
  await see(owner.page.getByRole('heading', { name: owner.say('overview.title') }))
})

stage.scene('files are handed out so that a browser never runs them', async () => {
  const link = await visitor.panel.getByRole('link').filter({ hasText: '.txt' }).getAttribute('href')
  const answer = await fetch(new URL(link ?? '', stage.server.url))
  expect({
    disposition: answer.headers.get('content-disposition')?.split(';')[0],
    nosniff: answer.headers.get('x-content-type-options'),
    policy: answer.headers.get('content-security-policy')?.includes('sandbox'),
  }).toEqual({ disposition: 'attachment', nosniff: 'nosniff', policy: true })
})

stage.scene('a foreign site may not use the chat once the owner has named the sites that may', async () => {
  const rest = new Rest(owner.actor.context.request, stage.server.url)
  await rest.call('PATCH', '/inboxes/1', { settings: { origins: 'https://shop.example', pre_chat: 'off' } })
  const site = await Site.build(`<script src="${stage.server.url}/widget.js" data-inbox="1" async></script>`)
  const session = (): Promise<number> => fetch(`${stage.server.url}/chat/1/session`, {
    method: 'POST', headers: { Origin: site.url, 'Content-Type': 'application/json' }, body: '{}',
  }).then((answer) => answer.status)
  await eventually(async () => expect(await session(), 'a session for a foreign origin').toBe(403), 2_000)
  const guest = await stage.enter('guest', { language: 'en' })
  guest.forgive(/status of 403/, /blocked by CORS policy/, /ERR_FAILED/)
  await guest.page.goto(site.url)
  const widget = new Widget(guest)
  await guest.page.getByRole('button', { name: widget.words.open }).click()
  await see(widget.panel.getByRole('alert'))
  expect(await widget.panel.getByRole('alert').first().innerText()).toContain(widget.words.notHereWhy(site.url))
  expect(await widget.field.count(), 'a place to write').toBe(0)
  await stage.shot(guest, 'foreign site')
  await stage.leave(guest)
  await site.remove()
  await visitor.page.reload()
  await visitor.send('still here')
})

stage.scene('a foreign page can do nothing with the session of an agent', async () => {
  const cookie = (await owner.actor.context.cookies()).map((one) => `${one.name}=${one.value}`).join('; ')
  const ask = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(`${stage.server.url}/api/v1/conversations/${conversation}/resolve`, { method: 'POST', headers: { cookie, ...headers } })).status
  expect(await ask({ Origin: 'https://evil.example' }), 'without the header').toBe(403)
  expect(await ask({ Origin: 'https://evil.example', 'X-Huiyin': '1' }), 'with the header, from elsewhere').toBe(403)
  for (const one of await owner.actor.context.cookies()) expect([one.httpOnly, one.sameSite], one.name).toEqual([true, expect.stringMatching(/Lax|Strict/)])
})
