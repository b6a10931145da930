import { expect } from 'vitest'
import { faint } from '../harness/contrast'
import { blindStops, faults } from '../harness/look'
import { Rest } from '../harness/rest'
import { lookShot } from '../harness/shots'
import { Stage } from '../harness/stage'
import { see } from '../harness/wait'
import type { Language, Phrase } from '../harness/words'
import { Desk } from '../pages/desk'
import { Widget } from '../pages/widget'

const widths = [1440, 1024, 390]
const themes = ['light', 'dark'] as const

interface Stop {
  path: string
  /** What else to open there before looking. */
  then?: (desk: Desk) => Promise<void>
  name?: string
}

const press = (key: Phrase) => async (desk: Desk): Promise<void> => {
  await desk.page.getByRole('button', { name: desk.say(key) }).first().click()
}
const open = (id: number) => async (desk: Desk): Promise<void> => see(desk.thread.getByRole('article').nth(id ? 0 : 1))

const stops: Stop[] = [
  ...['mine', 'queue', 'bot', 'snoozed', 'resolved', 'all'].map((view) => ({ path: `inbox/${view}` })),
  { path: 'inbox/all/1', then: open(1) },
  { path: 'inbox/all/1', name: 'keys', then: async (desk) => desk.page.keyboard.press('?') },
  { path: 'inbox/all/1', name: 'transfer', then: press('conv.transfer') },
  { path: 'knowledge' },
  { path: 'knowledge/new' },
  { path: 'knowledge/2' },
  { path: 'knowledge/2', name: 'try', then: press('article.try') },
  { path: 'knowledge/2', name: 'revisions', then: press('article.revisions') },
  { path: 'knowledge/gaps' },
  { path: 'knowledge/gaps?tab=answers', name: 'answers' },
  { path: 'knowledge/quality' },
  ...['golden', 'test', 'imports', 'readers'].map((page) => ({ path: `knowledge/${page}` })),
  { path: 'roster' },
  { path: 'search' },
  { path: 'overview' },
  { path: 'overview/reports' },
  { path: 'board' },
  { path: 'board', name: 'bell', then: press('notice.bell') },
  ...['inboxes', 'users', 'teams', 'answers', 'canned', 'keys', 'audit', 'knowledge', 'help-centre', 'hours', 'sla', 'routing', 'triggers', 'profile'].map((section) => ({ path: `settings/${section}` })),
  { path: 'settings/users', name: 'new', then: press('user.new') },
  { path: 'nowhere' },
]

/** Looks at what is on the screen in all themes and widths without loading it again. */
async function lookAt(desk: Desk, what: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of themes) {
    await desk.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of widths) {
      await desk.page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
      await lookShot(desk.page, 'pages', what, desk.actor.language, colorScheme, String(width))
      // Colours do not change with the width.
      const wrong = [...await faults(desk.page), ...(width === widths[0] ? await faint(desk.page) : [])]
      found.push(...wrong.map((fault) => `${what} ${desk.actor.language} ${colorScheme} ${width}: ${fault}`))
    }
  }
  await desk.page.setViewportSize({ width: 1440, height: 900 })
  return found
}

async function walk(desk: Desk, route: Stop[]): Promise<{ found: string[]; blind: string[] }> {
  const found: string[] = []
  const blind: string[] = []
  for (const stop of route) {
    await desk.open(stop.path)
    await see(desk.page.getByRole('main'))
    await desk.actor.traffic.rests()
    await stop.then?.(desk)
    found.push(...await lookAt(desk, stop.name ? `${stop.path} ${stop.name}` : stop.path))
    blind.push(...(await blindStops(desk.page, 6)).map((one) => `${stop.path}: ${one}`))
  }
  return { found: [...new Set(found)], blind: [...new Set(blind)] }
}

const nothing = { found: [], blind: [] }

/** Every page as the owner, an editor and a visitor see it, in all widths and both themes. */
export function everyPage(language: Language): void {
  const stage = Stage.open(`pages-${language}`)

  stage.scene('sign-in', async () => {
    const desk = new Desk(await stage.enter('stranger', { language }), stage.server.url)
    const seen = await walk(desk, [{ path: 'sign-in' }])
    await stage.leave(desk.actor)
    expect(seen).toEqual(nothing)
  })

  stage.scene('the owner', async () => {
    const desk = new Desk(await stage.enter('owner', { language }), stage.server.url)
    await desk.signIn('owner@demo.huiyin.example')
    const seen = await walk(desk, stops)
    const rail = await desk.page.getByRole('navigation', { name: desk.say('nav.main') }).getByRole('link').evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname.split('/')[2] ?? ''))
    expect(rail.filter((place) => !stops.some((stop) => stop.path.startsWith(place))), 'places of the rail that the walk leaves out').toEqual([])
    await stage.leave(desk.actor)
    expect(seen).toEqual(nothing)
  }, 300_000)

  stage.scene('an editor, who starts in the knowledge base and sees no conversations', async () => {
    const desk = new Desk(await stage.enter('editor', { language }), stage.server.url)
    await desk.signIn('su@demo.huiyin.example', '')
    await desk.page.waitForURL('**/console/knowledge')
    const seen = await walk(desk, [{ path: 'inbox/all', name: 'as editor' }, { path: 'settings', name: 'as editor' }])
    await stage.leave(desk.actor)
    expect(seen).toEqual(nothing)
  })

  stage.scene('every question that the demo site offers has its answer', async () => {
    const editor = await stage.enter('editor', { language })
    await new Desk(editor, stage.server.url).signIn('su@demo.huiyin.example', 'overview')
    const rest = new Rest(editor.context.request, stage.server.url)
    await editor.page.goto(stage.server.url)
    const questions = await editor.page.locator(`[data-huiyin-ask][lang^="${language}"]`).evaluateAll((all) => all.map((one) => one.getAttribute('data-huiyin-ask') ?? ''))
    expect(questions.length).toBeGreaterThan(10)
    const unanswered: string[] = []
    for (const text of new Set(questions)) {
      const { decision } = await rest.call<{ decision: string }>('POST', '/answers/try', { text })
      if (decision !== 'answer') unanswered.push(`${text}: ${decision}`)
    }
    await stage.leave(editor)
    expect(unanswered).toEqual([])
  })

  stage.scene('the demo site with the chat open', async () => {
    const visitor = await stage.enter('visitor', { language })
    const widget = new Widget(visitor)
    const desk = new Desk(visitor, stage.server.url)
    await widget.visit(stage.server.url)
    const closed = await lookAt(desk, 'site')
    await visitor.page.getByRole('button', { name: language === 'zh' ? '断网报修' : 'Report a fault' }).click()
    await see(widget.replies.filter({ hasText: 'LOS' }))
    expect(await widget.count(language === 'zh' ? '宽带断网怎么办' : 'My internet is down'), 'a question of the page is asked once').toBe(1)
    await widget.send(language === 'zh' ? '密码' : 'password')
    await see(widget.panel.getByRole('group', { name: widget.words.choices }))
    const opened = await lookAt(desk, 'site with chat')
    await stage.leave(visitor)
    expect([...closed, ...opened]).toEqual([])
  })
}
