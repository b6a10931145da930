import { afterAll, expect } from 'vitest'
import { Proxy, type Rules } from './harness/proxy'
import { Stage } from './harness/stage'
import { eventually, gone, see } from './harness/wait'
import { Widget } from './pages/widget'

const stage = Stage.open('widget network')
const proxies: Proxy[] = []
const unreachable = [/net::ERR_/, /WebSocket connection to .* failed/, /status of (403|50[234])/]

afterAll(() => Promise.all(proxies.map((proxy) => proxy.remove())))

async function behind(name: string, rules: Partial<Rules>): Promise<{ widget: Widget; proxy: Proxy }> {
  const proxy = await Proxy.lay(stage.server.url, rules)
  proxies.push(proxy)
  const visitor = await stage.enter(name, { language: 'en' })
  visitor.forgive(...unreachable)
  const widget = new Widget(visitor)
  await widget.visit(proxy.url)
  await widget.open()
  return { widget, proxy }
}

/** What the visitor said, as it stands on the screen: each message once and in order. */
async function own(widget: Widget): Promise<string[]> {
  return (await widget.own(/./).locator('.bubble').allInnerTexts()).map((text) => text.trim())
}

const ways: [string, Partial<Rules>, RegExp][] = [
  ['a proxy that knows no WebSockets', { sockets: false }, /GET \/chat\/1\/stream/],
  ['a proxy that also holds event streams back', { sockets: false, streams: 'hold' }, /GET \/chat\/1\/messages/],
  ['a network that cuts every request after two seconds', { sockets: false, streams: 'hold', longest: 2000 }, /GET \/chat\/1\/messages/],
]
for (const [what, rules, asked] of ways) {
  stage.scene(`behind ${what} answers come all the same`, async () => {
    const { widget, proxy } = await behind(what, rules)
    await widget.send('How do I get an invoice?')
    await see(widget.replies.filter({ hasText: /invoice/i }), 20_000)
    await widget.human.click()
    await see(widget.panel.getByRole('status').getByText(/ahead of you|You are next/), 20_000)
    expect(proxy.asked.some((path) => asked.test(path)), `the way ${asked}`).toBe(true)
    expect(await own(widget)).toEqual(['How do I get an invoice?'])
    await stage.shot(widget.actor, what)
    await stage.leave(widget.actor)
  }, 90_000)
}

stage.scene('where every third request is lost nothing is, and nothing comes twice', async () => {
  const { widget, proxy } = await behind('lossy', { sockets: false })
  proxy.rules = { ...proxy.rules, loss: 0.33 }
  const said = Array.from({ length: 10 }, (_, i) => `message number ${i + 1}`)
  for (const text of said) {
    await widget.field.fill(text)
    await widget.field.press('Enter')
  }
  await gone(widget.panel.getByText(widget.words.sending), 60_000)
  await eventually(async () => expect(await own(widget)).toEqual(said), 60_000)
  await eventually(async () => expect(await widget.panel.locator('.going, .stuck').count(), 'still to be sent').toBe(0), 60_000)
  expect(proxy.lost, 'requests that were lost').toBeGreaterThan(3)
  proxy.rules = { ...proxy.rules, loss: 0 }
  await widget.page.reload()
  await eventually(async () => expect(await own(widget)).toEqual(said), 20_000)
  await stage.leave(widget.actor)
}, 150_000)

stage.scene('what was written without network goes out from another tab, once the first is closed', async () => {
  const { widget } = await behind('closed tab', {})
  await widget.send('hello')
  await widget.actor.context.setOffline(true)
  await widget.field.fill('written in a tunnel')
  await widget.field.press('Enter')
  await see(widget.bubble('written in a tunnel'))
  await stage.shot(widget.actor, 'tunnel')
  const url = widget.page.url()
  const again = await widget.actor.context.newPage()
  await widget.page.close()
  await widget.actor.context.setOffline(false)
  await again.goto(url)
  const second = new Widget(widget.actor, again)
  await second.open()
  await eventually(async () => expect(await own(second)).toEqual(['hello', 'written in a tunnel']), 20_000)
  await eventually(async () => expect(await second.panel.locator('.going, .stuck').count(), 'still to be sent').toBe(0), 20_000)
  await stage.leave(widget.actor)
}, 60_000)

stage.scene('two tabs share what is written, sent and read', async () => {
  const { widget: first } = await behind('two tabs', {})
  const tab = await first.actor.context.newPage()
  const second = new Widget(first.actor, tab)
  await second.visit(proxies[proxies.length - 1]?.url ?? '')
  await second.open()
  await second.page.getByRole('heading', { level: 1 }).first().click()
  await first.page.bringToFront()
  await first.field.fill('half a sen')
  await eventually(async () => expect(await second.field.inputValue(), 'the draft in the other tab').toBe('half a sen'))
  await first.actor.context.setOffline(true)
  for (const text of ['one', 'two', 'three']) {
    await first.field.fill(text)
    await first.field.press('Enter')
  }
  await see(second.bubble('three'))
  await eventually(async () => expect(await second.field.inputValue(), 'the draft once it is sent').toBe(''))
  await first.actor.context.setOffline(false)
  for (const widget of [first, second]) await eventually(async () => expect(await own(widget)).toEqual(['one', 'two', 'three']), 20_000)
  await stage.leave(first.actor)
}, 60_000)

stage.scene('on a slow phone network the chat opens and answers', async () => {
  const visitor = await stage.enter('slow', { language: 'zh', width: 390, height: 844 })
  const wire = await visitor.context.newCDPSession(visitor.page)
  await wire.send('Network.enable')
  await wire.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 25_000 })
  const widget = new Widget(visitor)
  await widget.visit(stage.server.url)
  await widget.open()
  await widget.send('怎么开电子发票')
  await see(widget.replies.filter({ hasText: '发票' }))
  await stage.shot(visitor, 'slow')
}, 60_000)
