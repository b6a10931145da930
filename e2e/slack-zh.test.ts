import { expect } from 'vitest'
import { faint } from './harness/contrast'
import { faults } from './harness/look'
import { scripts } from './harness/script'
import { shotPath } from './harness/shots'
import { Stage } from './harness/stage'
import { see } from './harness/wait'
import { Desk } from './pages/desk'
import { Slack } from './pages/slack'

const stage = Stage.open('slack-zh')
const script = scripts.zh
let slack: Slack
let desk: Desk
let customer = ''
const minute = 60_000

stage.scene('a hand-off stands in the channel and is claimed there', async () => {
  slack = new Slack(await stage.enter('slack', { language: 'zh' }), stage.server.url)
  await slack.visit(script.agent.name)
  const waiting = slack.cards.filter({ has: slack.page.getByRole('button', { name: '领取' }) }).first()
  await waiting.waitFor({ timeout: minute })
  customer = (await waiting.getByRole('heading').innerText()).split(' ')[0] ?? ''
  expect(customer).toMatch(/^#\d+$/)
  await slack.card(`${customer} `).getByRole('button', { name: '领取' }).click()
  await see(slack.card(`${customer} `).getByText(`${script.agent.name} 处理中`))
  await stage.shot(stage.actor('slack'), 'claimed')
}, 2 * minute)

stage.scene('the console shows the same claim, and a reply by the dialog', async () => {
  desk = new Desk(await stage.enter('agent', { language: 'zh' }), stage.server.url)
  await desk.signIn(script.agent.email, `inbox/mine/${customer.slice(1)}`)
  await slack.reply(slack.card(`${customer} `), '您好，我来处理。')
  await see(desk.thread.getByText('您好，我来处理。'))
  await slack.open(slack.card(`${customer} `))
  await slack.thread.getByText('您好，我来处理。').waitFor({ timeout: minute })
}, 3 * minute)

stage.scene('a remark in the thread is a note in the console, and goes to nobody else', async () => {
  await slack.remark('先别答应退款，等主管确认')
  await see(desk.thread.getByText('先别答应退款，等主管确认'))
  await desk.reply('已为您登记，请稍候。')
  await slack.thread.getByText('已为您登记，请稍候。').waitFor({ timeout: minute })
  await stage.shot(stage.actor('slack'), 'the thread')
  await stage.shot(desk.actor, 'the console beside it')
}, 3 * minute)

stage.scene('every width and theme of the window can be read', async () => {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await slack.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of [1440, 390]) {
      await slack.page.setViewportSize({ width, height: 844 })
      await slack.page.screenshot({ path: shotPath('slack', colorScheme, String(width)), animations: 'disabled' })
      const wrong = [...await faults(slack.page), ...(width === 1440 ? await faint(slack.page) : [])]
      found.push(...wrong.map((fault) => `${colorScheme} ${width}: ${fault}`))
    }
  }
  expect(found).toEqual([])
})
