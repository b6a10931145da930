import { expect } from 'vitest'
import { blindStops, faults } from './harness/look'
import { shotPath } from './harness/shots'
import { Stage } from './harness/stage'
import { see } from './harness/wait'
import type { Language } from './harness/words'
import { Desk } from './pages/desk'

const widths = [1440, 1024, 390]
const themes = ['light', 'dark'] as const
const languages: Language[] = ['zh', 'en']

const stage = Stage.open('pages')

/** Looks at one page in all themes and widths without loading it again. */
async function lookAt(desk: Desk, what: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of themes) {
    await desk.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of widths) {
      await desk.page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
      await desk.page.screenshot({ path: shotPath('pages', what, desk.actor.language, colorScheme, String(width)), animations: 'disabled' })
      found.push(...(await faults(desk.page)).map((fault) => `${what} ${desk.actor.language} ${colorScheme} ${width}: ${fault}`))
    }
  }
  await desk.page.setViewportSize({ width: 1440, height: 900 })
  return found
}

for (const language of languages) {
  stage.scene(`sign-in, ${language}`, async () => {
    const visitor = await stage.enter(`stranger-${language}`, { language })
    const desk = new Desk(visitor, stage.server.url)
    await desk.open('sign-in')
    await see(desk.page.getByRole('heading', { name: desk.say('sign.title') }))
    const found = await lookAt(desk, 'sign-in')
    const blind = await blindStops(desk.page, 8)
    await stage.leave(visitor)
    expect({ found, blind }).toEqual({ found: [], blind: [] })
  })

  stage.scene(`the owner's pages, ${language}`, async () => {
    const owner = await stage.enter(`owner-${language}`, { language })
    const desk = new Desk(owner, stage.server.url)
    await desk.signIn('owner@demo.huiyin.example')
    const found: string[] = []
    const blind: string[] = []
    for (const path of ['inbox/mine', 'inbox/queue', 'inbox/bot', 'inbox/snoozed', 'inbox/resolved', 'inbox/all', 'overview', 'nowhere']) {
      await desk.open(path)
      await see(desk.page.getByRole('main'))
      await desk.page.waitForLoadState('networkidle')
      found.push(...await lookAt(desk, path))
      blind.push(...await blindStops(desk.page, 6))
    }
    await stage.leave(owner)
    expect({ found, blind }).toEqual({ found: [], blind: [] })
  }, 120_000)
}
