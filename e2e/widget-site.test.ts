import { createHmac } from 'node:crypto'
import { afterAll, expect } from 'vitest'
import { Rest } from './harness/rest'
import { Site } from './harness/site'
import { Stage } from './harness/stage'
import { eventually, gone, see } from './harness/wait'
import { Desk } from './pages/desk'
import { Widget } from './pages/widget'

const stage = Stage.open('widget site')
const sites: Site[] = []
const secret = 'a secret of sixteen and more'
let rest: Rest

afterAll(() => Promise.all(sites.map((site) => site.remove())))

async function embed(attributes: string, more = '', headers: Record<string, string> = {}): Promise<Site> {
  const site = await Site.build(`${more}<script src="${stage.server.url}/widget.js" ${attributes} async></script>`, headers)
  sites.push(site)
  return site
}

async function visit(name: string, site: Site): Promise<Widget> {
  const widget = new Widget(await stage.enter(name, { language: 'en' }))
  await widget.page.goto(site.url)
  return widget
}

/** What is kept in the browser for the site: names of both storages, and cookies. */
async function kept(widget: Widget): Promise<string[]> {
  const names = await widget.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])
  return [...names, ...(await widget.actor.context.cookies()).map((cookie) => cookie.name)]
}

/** Calls window.huiyin on the page. */
function call(widget: Widget, name: string, ...given: unknown[]): Promise<void> {
  return widget.page.evaluate(([what, args]) => void (window as unknown as { huiyin: Record<string, (...a: unknown[]) => unknown> }).huiyin[what]?.(...args), [name, given] as const)
}

async function ask(widget: Widget): Promise<void> {
  await widget.send('How do I get an invoice?')
  await see(widget.replies.filter({ hasText: /invoice/i }))
}

async function settings(change: Record<string, string>): Promise<void> {
  await rest.call('PATCH', '/inboxes/1', { settings: change })
}

stage.scene('the owner signs in', async () => {
  const owner = new Desk(await stage.enter('owner', { language: 'en' }), stage.server.url)
  await owner.signIn('owner@demo.huiyin.example')
  rest = new Rest(owner.actor.context.request, stage.server.url)
})

stage.scene('under the strictest policy a site can have, answers keep their form', async () => {
  const hub = stage.server.url
  const policy = `default-src 'none'; script-src ${hub}; connect-src ${hub} ${hub.replace('http', 'ws')}; img-src ${hub}; media-src ${hub}; require-trusted-types-for 'script'; trusted-types huiyin`
  const widget = await visit('strict', await embed('data-inbox="1"', '', { 'Content-Security-Policy': policy }))
  await widget.open()
  await ask(widget)
  await see(widget.panel.locator('.bubble.rich strong').first())
  await widget.button(widget.words.emoji).click()
  await see(widget.panel.getByRole('grid'))
  const border = await widget.panel.evaluate((panel) => getComputedStyle(panel).borderTopLeftRadius)
  expect(border, 'the style of the panel').toBe('16px')
  await stage.shot(widget.actor, 'strict policy')
  await stage.leave(widget.actor)
})

stage.scene('in a frame that may keep nothing it works, and forgets', async () => {
  const inner = await embed('data-inbox="1" data-lang="en"')
  const outer = await Site.build(`<iframe sandbox="allow-scripts" src="${inner.url}" style="width:600px;height:700px"></iframe>`)
  sites.push(outer)
  const visitor = await stage.enter('framed', { language: 'en' })
  visitor.forgive(/Failed to read the '\w+' property from 'Window'/)
  await visitor.page.goto(outer.url)
  const frame = visitor.page.frameLocator('iframe')
  await frame.getByRole('button', { name: 'Open chat' }).click()
  await frame.getByRole('textbox', { name: 'Write a message' }).fill('How do I get an invoice?')
  await frame.getByRole('textbox', { name: 'Write a message' }).press('Enter')
  await see(frame.getByText(/invoice/i).nth(1))
  await stage.shot(visitor, 'framed')
  await stage.leave(visitor)
})

stage.scene('before consent nothing is kept, and nobody else is asked for anything', async () => {
  const site = await embed('data-inbox="1" data-consent="required"')
  const widget = new Widget(await stage.enter('careful', { language: 'en' }))
  const hosts = new Set<string>()
  widget.actor.context.on('request', (request) => hosts.add(new URL(request.url()).origin))
  await widget.page.goto(site.url)
  await widget.open()
  await ask(widget)
  expect(await kept(widget), 'before consent').toEqual([])
  await call(widget, 'consent', true)
  await eventually(async () => expect((await kept(widget)).some((name) => name.endsWith(':token')), 'the token is kept').toBe(true))
  await widget.page.reload()
  await widget.page.waitForTimeout(500)
  await call(widget, 'consent', true)
  await see(widget.own('How do I get an invoice?'))
  await call(widget, 'consent', false)
  await eventually(async () => expect(await kept(widget), 'once consent is taken back').toEqual([]))
  expect([...hosts].sort(), 'who was asked').toEqual([site.url, stage.server.url].sort())
  await stage.leave(widget.actor)
})

stage.scene('where the owner says so, keeping begins with the first message', async () => {
  await settings({ storage: 'ask' })
  await eventually(async () => expect(await (await fetch(`${stage.server.url}/chat/1/look`)).text()).toContain('"ask"'))
  const widget = await visit('asked', await embed('data-inbox="1"'))
  await widget.open()
  expect(await kept(widget), 'before the first message').toEqual([])
  await ask(widget)
  expect((await kept(widget)).length, 'after it').toBeGreaterThan(0)
  await settings({ storage: 'keep' })
  await stage.leave(widget.actor)
})

stage.scene('a site starts, changes and takes it away by script, and hears what happens', async () => {
  const queue = `<script>window.huiyin=[['on','unread',(n)=>document.title='unread '+n],['on','open',()=>document.body.dataset.opened='yes']]</script>`
  const widget = await visit('scripted', await embed('data-inbox="1" data-manual', queue))
  await widget.page.waitForTimeout(500)
  expect(await widget.page.locator('huiyin-chat').count(), 'before start').toBe(0)
  await call(widget, 'start', { lang: 'en', position: 'left', launcher: 'Need help?' })
  const launcher = widget.page.getByRole('button', { name: 'Need help?: Open chat' })
  await see(launcher)
  expect((await launcher.boundingBox())?.x, 'on the left').toBeLessThan(100)
  await launcher.click()
  await ask(widget)
  await eventually(async () => expect(await widget.page.locator('body').getAttribute('data-opened')).toBe('yes'))
  await call(widget, 'set', { lang: 'zh-CN', theme: 'dark' })
  await see(widget.panel.getByRole('textbox', { name: '输入消息' }))
  expect(await widget.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor), 'dark').toBe('rgb(28, 30, 34)')
  await stage.shot(widget.actor, 'changed by script')
  await call(widget, 'stop')
  expect(await widget.page.locator('huiyin-chat').count(), 'after stop').toBe(0)
  await call(widget, 'start', { inbox: '1', lang: 'en' })
  await see(widget.own('How do I get an invoice?'))
  await stage.leave(widget.actor)
})

stage.scene('who signs in midway takes the conversation along, and who signs out leaves it', async () => {
  await settings({ identity_secret: secret })
  const widget = await visit('midway', await embed('data-inbox="1"'))
  await widget.open()
  await ask(widget)
  const id = 'customer-77'
  const identity = { id, hash: createHmac('sha256', secret).update(id).digest('hex'), name: 'Wang Li' }
  await eventually(async () => {
    await call(widget, 'identify', identity)
    await widget.page.waitForTimeout(300)
    await widget.button(widget.words.more).click()
    const menu = widget.panel.getByRole('menu')
    await see(menu)
    const known = await menu.getByRole('menuitem', { name: widget.say('past') }).count()
    await widget.page.keyboard.press('Escape')
    expect(known, 'earlier conversations are offered').toBe(1)
  })
  await see(widget.own('How do I get an invoice?'))
  await widget.send('and now I am known')
  await stage.shot(widget.actor, 'identified midway')
  await call(widget, 'reset')
  await gone(widget.own('How do I get an invoice?'))
  expect((await widget.texts()).join(), 'what the next one sees').not.toContain('invoice?')
  await stage.leave(widget.actor)
})

stage.scene('a greeting comes on the page and after the time of its rule, also when the page moves by itself', async () => {
  await settings({ greetings: 'page=/buy* delay=1 visitors=new | Need help choosing?' })
  await eventually(async () => expect(await (await fetch(`${stage.server.url}/chat/1/look`)).text()).toContain('Need help choosing?'))
  const site = await embed('data-inbox="1" data-lang="en"')
  const widget = await visit('new here', site)
  const greeting = widget.page.getByRole('button', { name: 'Need help choosing?' })
  await widget.page.waitForTimeout(2500)
  expect(await greeting.count(), 'on another page').toBe(0)
  await widget.page.evaluate(() => history.pushState(null, '', '/buy/phones?color=red'))
  await see(greeting)
  await stage.shot(widget.actor, 'greeting')
  await widget.page.evaluate(() => history.pushState(null, '', '/about'))
  await gone(greeting)
  await widget.page.evaluate(() => history.pushState(null, '', '/buy'))
  await see(greeting)
  await widget.page.getByRole('button', { name: 'Close', exact: true }).click()
  await gone(greeting)
  await widget.page.goto(`${site.url}/buy`)
  await widget.page.waitForTimeout(2500)
  expect(await greeting.count(), 'after it was put away').toBe(0)
  await widget.open()
  await ask(widget)
  await settings({ greetings: '' })
  await stage.leave(widget.actor)
})

stage.scene('where the hub wants work before a visit, it is done unseen', async () => {
  await settings({ proof_of_work: 'true' })
  const ask428 = (): Promise<number> => fetch(`${stage.server.url}/chat/1/session`, { method: 'POST', body: '{}' }).then((answer) => answer.status)
  await eventually(async () => expect(await ask428(), 'a session without work').toBe(428))
  const widget = await visit('worker', await embed('data-inbox="1"'))
  widget.actor.forgive(/status of 428/)
  await widget.open()
  await ask(widget)
  await settings({ proof_of_work: 'false' })
  await eventually(async () => expect(await ask428(), 'a session without work, again').toBe(200))
  await stage.leave(widget.actor)
})

stage.scene('on a page that is written from right to left it keeps its own direction', async () => {
  const widget = await visit('rtl', await embed('data-inbox="1" data-lang="en"', '<script>document.documentElement.dir="rtl"</script>'))
  await widget.open()
  await ask(widget)
  expect(await widget.panel.evaluate((panel) => getComputedStyle(panel).direction)).toBe('ltr')
  const own = await widget.own('invoice?').locator('.bubble').boundingBox()
  const reply = await widget.replies.last().locator('.bubble').boundingBox()
  expect((own?.x ?? 0) > (reply?.x ?? 0), 'what the visitor says is on the right').toBe(true)
  await stage.shot(widget.actor, 'right to left')
  // And the same chat in a language that is written so.
  await widget.panel.evaluate((panel) => panel.setAttribute('dir', 'rtl'))
  const mirrored = await widget.own('invoice?').locator('.bubble').boundingBox()
  expect((mirrored?.x ?? 0) < (own?.x ?? 0), 'mirrored').toBe(true)
  await stage.shot(widget.actor, 'mirrored')
  await stage.leave(widget.actor)
})

stage.scene('a preview shows what its parent says, and asks nobody', async () => {
  const visitor = await stage.enter('preview', { language: 'en' })
  const asked: string[] = []
  visitor.context.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await visitor.page.goto(`${stage.server.url}/chat/preview`)
  const widget = new Widget(visitor)
  await see(widget.field)
  await visitor.page.evaluate(() => window.postMessage({ type: 'huiyin-preview', lang: 'en', config: { name: 'Corner shop', greeting: 'Welcome in!', quick_replies: ['Hours?'], bot: true, color: '#8a1c4a' } }, location.origin))
  await see(widget.panel.getByText('Welcome in!'))
  await widget.button('Hours?').click()
  await see(widget.own('Hours?'))
  await stage.shot(visitor, 'preview')
  expect(asked.filter((path) => !/^\/(widget\.js|chat\/(preview|assets\/.*))$/.test(path)), 'requests').toEqual([])
  await stage.leave(visitor)
})

stage.scene('the page does not move when the chat comes, opens and closes', async () => {
  const widget = await visit('steady', await embed('data-inbox="1"', '<style>huiyin-chat{--hy-radius:4px}h1,button,p{color:red!important;font-size:40px!important}</style><h1>A page</h1><p style="height:2000px">with text</p>'))
  // As browsers count it: what follows a press within half a second was wanted.
  const shift = (): Promise<number> =>
    widget.page.evaluate(() => new Promise<number>((done) => {
      let sum = 0
      new PerformanceObserver((list) => (list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]).forEach((entry) => (sum += entry.hadRecentInput ? 0 : entry.value))).observe({ type: 'layout-shift', buffered: true })
      setTimeout(() => done(sum), 300)
    }))
  const height = await widget.page.evaluate(() => document.documentElement.scrollHeight)
  await see(widget.page.getByRole('button', { name: widget.words.open }))
  expect(await shift(), 'with the launcher').toBe(0)
  await widget.open()
  const look = await widget.panel.evaluate((panel) => [getComputedStyle(panel).borderTopLeftRadius, getComputedStyle(panel.querySelector('h2') as Element).fontSize])
  expect(look, 'the variable of the page reaches in, its other style does not').toEqual(['4px', '15px'])
  await widget.page.keyboard.press('Escape')
  await gone(widget.panel)
  expect([await shift(), await widget.page.evaluate(() => document.documentElement.scrollHeight)]).toEqual([0, height])
  await stage.leave(widget.actor)
})

stage.scene('as a page of its own it fills a phone, knows the visitor, and goes back by the way back', async () => {
  const actor = await stage.enter('phone', { language: 'zh', width: 390, height: 844 })
  const widget = new Widget(actor)
  await widget.page.goto(`${stage.server.url}/chat/1?ask=${encodeURIComponent('怎么开电子发票')}`)
  await see(widget.replies.filter({ hasText: '发票' }))
  expect(await widget.panel.boundingBox()).toMatchObject({ x: 0, y: 0, width: 390, height: 844 })
  expect(await widget.page.getByRole('button', { name: widget.words.close }).count(), 'nothing to close').toBe(0)
  await widget.choose('transcript')
  await see(widget.panel.getByText(widget.say('transcriptWhy')))
  await widget.page.goBack()
  await gone(widget.panel.getByText(widget.say('transcriptWhy')))
  await see(widget.field)
  await stage.shot(actor, 'page of its own')
  await stage.leave(actor)
})
