import { afterAll, expect } from 'vitest'
import type { Actor } from './harness/actor'
import { Stage } from './harness/stage'
import { eventually, gone, see } from './harness/wait'
import { Wire } from './harness/wire'
import { Desk } from './pages/desk'
import { Widget } from './pages/widget'

const stage = Stage.open('resilience')
const unreachable = [/net::ERR_/, /WebSocket connection to .* failed/, /status of 50[234]/]
const backWithin = 20_000
let visitor: Actor
let widget: Widget
let desk: Desk
let visitorsWire: Wire
let agentsWire: Wire
const said: string[] = []

afterAll(() => Promise.all([visitorsWire?.remove(), agentsWire?.remove()]))

/** Both sides show exactly what was said: nothing lost, nothing twice, in order. */
async function agree(...screens: { texts(): Promise<string[]> }[]): Promise<void> {
  for (const screen of screens) {
    await eventually(async () => {
      const shown = (await screen.texts()).flatMap((text) => said.filter((one) => text.split('\n').some((line) => line.trim() === one)))
      expect(shown, 'what is on the screen').toEqual(said)
    }, backWithin)
  }
}

/** Writes without waiting for the server. */
async function type(text: string): Promise<void> {
  said.push(text)
  await widget.field.fill(text)
  await widget.field.press('Enter')
}

async function reply(text: string): Promise<void> {
  said.push(text)
  await desk.reply(text)
}

stage.scene('a visitor and an agent talk', async () => {
  visitor = await stage.enter('visitor', { language: 'zh' })
  visitorsWire = await Wire.lay(stage.server.url)
  agentsWire = await Wire.lay(stage.server.url)
  widget = new Widget(visitor)
  await widget.visit(visitorsWire.url)
  await widget.open()
  await type('我想咨询一下宽带')
  await see(widget.replies)
  await widget.human.click()
  desk = new Desk(await stage.enter('agent', { language: 'zh' }), agentsWire.url)
  for (const actor of [visitor, desk.actor]) actor.forgive(...unreachable)
  await desk.signIn('lin@demo.huiyin.example', 'inbox/queue')
  await desk.row('宽带').or(desk.rows.last()).last().getByRole('link').click()
  await desk.claim()
  await reply('您好，我在')
  await agree(widget, desk)
})

stage.scene('a server that is killed in the middle loses nothing and repeats nothing', async () => {
  await type('断电前一')
  await type('断电前二')
  await stage.server.kill()
  await type('断电时三')
  await type('断电时四')
  await see(widget.bubble('断电时四'))
  await stage.shot(visitor, 'server gone')
  await stage.server.launch()
  await agree(widget, desk)
  await type('恢复后五')
  await agree(widget, desk)
  await reply('都收到了')
  await agree(widget, desk)
  await stage.shot(visitor, 'server back')
  await stage.shot(desk.actor, 'server back desk')
}, 90_000)

stage.scene('a page that is loaded again shows the same', async () => {
  await visitor.page.reload()
  await desk.page.reload()
  await agree(widget, desk)
})

stage.scene('a visitor without network keeps writing, and nothing is lost either way', async () => {
  visitorsWire.cut()
  await visitor.context.setOffline(true)
  await see(widget.panel.getByText(widget.words.offline))
  await type('离线六')
  await stage.shot(visitor, 'offline')
  await reply('离线时的回复七')
  visitorsWire.mend()
  await visitor.context.setOffline(false)
  await gone(widget.panel.getByText(widget.words.offline))
  // The two cross on the way: which came first is the server's to say, but both screens must agree on it.
  const [six, seven] = said.splice(-2) as [string, string]
  await see(widget.bubble(seven), backWithin)
  await see(desk.thread.getByText(six), backWithin)
  said.push(...(await widget.texts()).flatMap((text) => [six, seven].filter((one) => text.includes(one))))
  await agree(widget, desk)
}, 90_000)

stage.scene('two tabs of one visitor agree', async () => {
  const tab = await visitor.context.newPage()
  const other = new Widget(visitor, tab)
  await other.visit(visitorsWire.url)
  await other.open()
  await agree(other)
  said.push('第二个标签页八')
  await other.send('第二个标签页八')
  await agree(widget, other, desk)
  await type('第一个标签页九')
  await agree(widget, other, desk)
  await reply('两边都看得到十')
  await agree(widget, other, desk)
  await tab.close()
})

stage.scene('a console that was away neither misses nor repeats', async () => {
  agentsWire.cut()
  await desk.actor.context.setOffline(true)
  await see(desk.page.getByRole('status').getByText(desk.say('live.offline')), backWithin)
  await stage.shot(desk.actor, 'desk offline')
  for (const text of ['客服离线十一', '客服离线十二', '客服离线十三']) {
    await type(text)
    await see(widget.bubble(text))
  }
  agentsWire.mend()
  await desk.actor.context.setOffline(false)
  await agree(desk, widget)
  await gone(desk.page.getByRole('status').getByText(desk.say('live.offline')), backWithin)
}, 90_000)

stage.scene('a console that is opened while the server is away goes on once it is back', async () => {
  await desk.page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  agentsWire.cut()
  await desk.actor.context.setOffline(true)
  await desk.page.reload()
  await see(desk.page.getByText(desk.say('offline.text')))
  await stage.shot(desk.actor, 'opened offline')
  agentsWire.mend()
  await desk.actor.context.setOffline(false)
  await agree(desk, widget)
}, 90_000)
