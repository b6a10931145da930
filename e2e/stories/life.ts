import { expect } from 'vitest'
import { faults } from '../harness/look'
import { Rest } from '../harness/rest'
import { lookShot } from '../harness/shots'
import { Stage } from '../harness/stage'
import { eventually, gone, see } from '../harness/wait'
import type { Language } from '../harness/words'
import { Desk } from '../pages/desk'
import { Editor } from '../pages/editor'

const writerMail = 'su@demo.huiyin.example'
const readerMail = 'owner@demo.huiyin.example'

const texts = {
  zh: { question: '路由器保修多久？', first: '保修期见购买凭证。', better: '自购买之日起保修两年。凭购买凭证到任一营业厅办理。', why: '请写清楚是几年', look: '新文章，请看看', later: '第三段：以旧换新也可以。' },
  en: { question: 'How long is the router under warranty?', first: 'See your receipt.', better: 'Two years from the day you bought it. Bring the receipt to any of our shops.', why: 'Say how many years', look: 'A new one, please look', later: 'You may also trade it in.' },
}

/** Two people and one article: written, sent to review, returned with words, mended, approved, planned, published, looked back at. */
export function lifeStory(language: Language): void {
  const stage = Stage.open(`life-${language}`)
  const text = texts[language]
  let writer: Desk
  let reader: Desk
  let asWriter: Rest
  let asReader: Rest
  let id = 0

  const toast = (desk: Desk, key: Parameters<Desk['say']>[0]) => see(desk.page.getByRole('status').getByText(desk.say(key)))
  const dialog = (desk: Desk) => desk.page.getByRole('dialog')

  stage.scene('the owner wants a second person before anything is published', async () => {
    reader = new Desk(await stage.enter('owner', { language }), stage.server.url)
    await reader.signIn(readerMail, 'settings/knowledge')
    await reader.page.getByRole('switch', { name: reader.say('rules.four_eyes') }).check({ force: true })
    await reader.button('save').click()
    await toast(reader, 'saved')
    await stage.shot(reader.actor, 'rules and rights')
    asReader = new Rest(reader.page.request, stage.server.url)
  })

  stage.scene('an editor writes, and sends it to review', async () => {
    writer = new Desk(await stage.enter('editor', { language }), stage.server.url)
    await writer.signIn(writerMail, 'knowledge/new')
    asWriter = new Rest(writer.page.request, stage.server.url)
    await writer.page.getByRole('tab', { name: writer.say(`article.lang.${language}`) }).click()
    await writer.page.getByRole('textbox', { name: writer.say('article.question'), exact: true }).fill(text.question)
    await new Editor(writer).answer.fill(text.first)
    await writer.button('article.save').click()
    await writer.page.waitForURL(/knowledge\/\d+$/)
    id = Number(writer.page.url().split('/').pop())
    await writer.button('review.send').first().click()
    await dialog(writer).getByRole('textbox').fill(text.look)
    await dialog(writer).getByRole('button', { name: writer.say('review.ask.do') }).click()
    await see(writer.page.getByText(writer.say('review.state.asked')).first())
    const refused = await asWriter.call('POST', `/articles/${id}/publish`, { version: 999 }).then(() => 'published', (error: Error) => error.message)
    expect(refused, 'nothing is published past the second person').toContain('409')
    await stage.shot(writer.actor, 'sent to review')
  })

  stage.scene('the other finds it in the queue, sees who is in it, comments and returns it', async () => {
    await reader.open('knowledge')
    await reader.page.getByRole('combobox', { name: reader.say('show.label') }).selectOption('to_review')
    await reader.page.getByRole('region', { name: reader.say('kb.articles') }).getByRole('link', { name: text.question }).click()
    await see(reader.page.getByText(text.look))
    await see(reader.page.getByText(reader.say('presence.reads', { name: '苏文' })))
    await reader.button('comments.button', { n: 0 }).click()
    await dialog(reader).getByRole('textbox').fill(text.why)
    await dialog(reader).getByRole('button', { name: reader.say('comments.add') }).click()
    await see(dialog(reader).getByText(text.why))
    await stage.shot(reader.actor, 'a comment')
    await reader.page.keyboard.press('Escape')
    await gone(dialog(reader))
    await reader.button('review.return.do').click()
    await dialog(reader).getByRole('textbox').fill(text.why)
    await dialog(reader).getByRole('button', { name: reader.say('review.return.do') }).click()
    await toast(reader, 'review.returned.toast')
    await stage.shot(reader.actor, 'returned')
  })

  stage.scene('the author is told, mends it and sends it again; it is approved', async () => {
    await writer.open(`knowledge/${id}`)
    await see(writer.page.getByRole('button', { name: /未读|unread|notices/ }).first())
    await see(writer.page.getByText(text.why).first())
    await new Editor(writer).answer.fill(text.better)
    await writer.button('review.send').first().click()
    await dialog(writer).getByRole('button', { name: writer.say('review.ask.do') }).click()
    await toast(writer, 'review.asked.toast')
    await reader.open(`knowledge/${id}`)
    await reader.button('review.approve.do').click()
    await dialog(reader).getByRole('button', { name: reader.say('review.approve.do') }).click()
    await toast(reader, 'review.approved.toast')
    await stage.shot(reader.actor, 'approved')
  })

  stage.scene('it is planned, and goes live by itself', async () => {
    await writer.open(`knowledge/${id}`)
    await writer.page.getByRole('button', { name: writer.say('article.publish'), exact: true }).click()
    await dialog(writer).getByRole('radio', { name: writer.say('publish.at') }).check()
    const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16)
    await dialog(writer).getByLabel(writer.say('publish.at.time')).fill(soon)
    await stage.shot(writer.actor, 'planning')
    await dialog(writer).getByRole('button', { name: writer.say('publish.plan') }).click()
    await see(writer.page.getByText(writer.say('plan.off')))
    await stage.shot(writer.actor, 'planned')
    const { version } = await asWriter.call<{ version: number }>('GET', `/articles/${id}`)
    await asWriter.call('PUT', `/articles/${id}/schedule`, { version, publish_at: new Date(Date.now() + 2500).toISOString() })
    await eventually(async () => {
      const { status } = await asWriter.call<{ status: string }>('GET', `/articles/${id}`)
      expect(status).toBe('published')
    })
  })

  stage.scene('two who write at once are merged; the history tells it all', async () => {
    await writer.open(`knowledge/${id}`)
    await reader.open(`knowledge/${id}`)
    await see(new Editor(reader).answer)
    await see(new Editor(writer).answer)
    await new Editor(reader).append(text.later)
    await reader.button('article.save').click()
    await toast(reader, 'saved')
    await new Editor(writer).addPhrasing(`${text.question} 2`)
    await writer.button('article.save').click()
    await eventually(async () => {
      const both = JSON.stringify(await asReader.call('GET', `/articles/${id}`))
      expect(both).toContain(text.later)
      expect(both).toContain(`${text.question} 2`)
    })
    const drawer = await new Editor(writer).revisions()
    await stage.shot(writer.actor, 'revisions')
    await drawer.getByRole('tab', { name: writer.say('history.title') }).click()
    await see(drawer.getByText(writer.say('history.article_approved')))
    await see(drawer.getByText(text.why).first())
    await stage.shot(writer.actor, 'history')
    await writer.page.keyboard.press('Escape')
    await gone(drawer)
  })

  stage.scene('it looks right wide and narrow, light and dark', async () => {
    const found: string[] = []
    for (const path of [`knowledge/${id}`, 'settings/knowledge']) {
      await reader.open(path)
      await reader.actor.traffic.rests()
      for (const colorScheme of ['light', 'dark'] as const) for (const width of [1440, 390]) {
        await reader.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await reader.page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
        await lookShot(reader.page, 'life', path.replace(/\W/g, '-').replace(/\d+/, 'n'), language, colorScheme, String(width))
        found.push(...(await faults(reader.page)).map((fault) => `${path} ${colorScheme} ${width}: ${fault}`))
      }
    }
    expect(found).toEqual([])
  })
}
