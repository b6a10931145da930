import { expect } from 'vitest'
import { faint } from '../harness/contrast'
import { faults } from '../harness/look'
import { scripts } from '../harness/script'
import { lookShot } from '../harness/shots'
import { Stage } from '../harness/stage'
import { see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Slack } from '../pages/slack'

const minute = 60_000
const said = {
  zh: { reply: '您好，我来处理。', remark: '先别答应退款，等主管确认', forwarded: '已为您登记，请稍候', desk: '结果会短信通知您。', language: '中文' },
  en: { reply: 'Hello, I will look into it.', remark: 'Do not promise a refund yet, the lead decides', forwarded: 'It is noted, one moment please', desk: 'You will get a text about it.', language: 'English' },
}

/** An administrator sets the desk in Slack up; an agent works a hand-off there while the console shows the same. */
export function slackStory(language: Language): void {
  const stage = Stage.open(`slack-${language}`)
  const script = scripts[language]
  const words = said[language]
  let slack: Slack
  let desk: Desk
  let customer = ''

  stage.scene('the administrator chooses the language of the cards and tries the connection out', async () => {
    const boss = new Desk(await stage.enter('administrator', { language }), stage.server.url)
    await boss.signIn('owner@demo.huiyin.example', 'settings/slack')
    const page = boss.actor.page
    await see(page.getByText(boss.say('slack.state.ok')))
    await page.getByLabel(boss.say('slack.language')).selectOption({ label: words.language })
    await page.getByRole('button', { name: boss.say('save'), exact: true }).click()
    await see(page.getByText(boss.say('slack.saved')))
    await page.getByRole('button', { name: boss.say('slack.check') }).click()
    await see(page.getByText(boss.say('slack.check.ok')))
    await stage.shot(boss.actor, 'the settings')
  }, 2 * minute)

  stage.scene('a hand-off stands in the channel and is claimed there', async () => {
    slack = new Slack(await stage.enter('slack', { language }), stage.server.url)
    await slack.visit(script.agent.name)
    await slack.waiting.last().waitFor({ timeout: minute })
    customer = (await slack.waiting.last().getByRole('heading').innerText()).split(' ')[0] ?? ''
    expect(customer).toMatch(/^#\d+$/)
    await slack.press(slack.card(`${customer} `), slack.app.claim)
    await see(slack.card(`${customer} `).getByText(slack.app.with(script.agent.name)))
    await stage.shot(slack.actor, 'claimed')
  }, 2 * minute)

  stage.scene('the console shows the same claim, and a reply by the dialog', async () => {
    desk = new Desk(await stage.enter('agent', { language }), stage.server.url)
    await desk.signIn(script.agent.email, `inbox/mine/${customer.slice(1)}`)
    await slack.reply(slack.card(`${customer} `), words.reply)
    await see(desk.thread.getByText(words.reply))
    await slack.open(slack.card(`${customer} `))
    await slack.thread.getByText(words.reply).waitFor({ timeout: minute })
  }, 3 * minute)

  stage.scene('a remark in the thread is a note in the console; only the shortcut sends one to the customer', async () => {
    await slack.remark(words.remark)
    await see(desk.thread.getByText(words.remark))
    await slack.remark(words.forwarded)
    await see(desk.thread.getByText(words.forwarded))
    expect(await desk.thread.getByText(words.forwarded).count()).toBe(1)
    await slack.forward(words.forwarded)
    await see(desk.thread.getByText(words.forwarded).nth(1))
    await desk.reply(words.desk)
    await slack.thread.getByText(words.desk).waitFor({ timeout: minute })
    await stage.shot(slack.actor, 'the thread')
    await stage.shot(desk.actor, 'the console beside it')
  }, 3 * minute)

  stage.scene('every width and theme of the window can be read', async () => {
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await slack.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const width of [1440, 390]) {
        await slack.page.setViewportSize({ width, height: 844 })
        await lookShot(slack.page, `slack-${language}`, colorScheme, String(width))
        const wrong = [...await faults(slack.page), ...(width === 1440 ? await faint(slack.page) : [])]
        found.push(...wrong.map((fault) => `${colorScheme} ${width}: ${fault}`))
      }
    }
    expect(found).toEqual([])
  })
}
