import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Actor, type ActorOptions } from './actor'
import { Server } from './server'
import { shotPath } from './shots'

const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // A microphone that hums, for voice messages.
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

/** A server, a browser and the people of one story. Its scenes run in order; after one has failed the rest are skipped. */
export class Stage {
  private running: { server: Server; browser: Browser } | undefined
  private readonly cast: Actor[] = []
  private failed = ''
  private shots = 0

  private constructor(readonly name: string, private readonly demo: boolean) {}

  /** Opens before the tests of this file or describe block and closes after them. */
  static open(name: string, options: { demo: boolean } = { demo: true }): Stage {
    const stage = new Stage(name, options.demo)
    beforeAll(() => stage.begin())
    afterAll(() => stage.end())
    return stage
  }

  private async begin(): Promise<void> {
    const [server, browser] = await Promise.allSettled([
      Server.start({ demo: this.demo }),
      chromium.launch({ executablePath: process.env.CHROMIUM ?? 'chromium', headless: true, args: flags }),
    ])
    if (server.status === 'fulfilled' && browser.status === 'fulfilled') {
      this.running = { server: server.value, browser: browser.value }
      return
    }
    // What did start must not outlive the tests.
    if (server.status === 'fulfilled') await server.value.stop()
    if (browser.status === 'fulfilled') await browser.value.close()
    throw server.status === 'rejected' ? server.reason : browser.status === 'rejected' ? browser.reason : undefined
  }

  private async end(): Promise<void> {
    await this.running?.browser.close()
    await this.running?.server.stop()
  }

  get server(): Server {
    if (!this.running) throw new Error('the stage is not open')
    return this.running.server
  }

  async enter(name: string, options: ActorOptions): Promise<Actor> {
    if (!this.running) throw new Error('the stage is not open')
    const actor = await Actor.enter(this.running.browser, name, options)
    this.cast.push(actor)
    return actor
  }

  actor(name: string): Actor {
    const found = this.cast.find((actor) => actor.name === name)
    if (!found) throw new Error(`${name} is not on the stage`)
    return found
  }

  async leave(actor: Actor): Promise<void> {
    const wrongs = await actor.wrongs()
    this.cast.splice(this.cast.indexOf(actor), 1)
    await actor.context.close()
    expect(wrongs, 'what the browser complained about').toEqual([])
  }

  /** A picture of what the reader sees now, numbered in the order of the story. */
  async shot(actor: Actor, what: string): Promise<void> {
    await this.picture(actor.page, shotPath(this.name, String(++this.shots).padStart(2, '0'), what))
  }

  private async picture(page: Page, path: string): Promise<string> {
    await page.screenshot({ path, animations: 'disabled', caret: 'initial' })
    return path
  }

  scene(what: string, play: () => Promise<void>, timeout?: number): void {
    test(what, async (context) => {
      if (this.failed) context.skip(`after "${this.failed}" failed`)
      try {
        await play()
        await this.quiet()
      } catch (error) {
        this.failed = what
        throw await this.report(what, error)
      }
    }, timeout)
  }

  /** No page may have complained, and nothing that came as data may have run. */
  private async quiet(): Promise<void> {
    const wrongs = (await Promise.all(this.cast.map((actor) => actor.wrongs()))).flat()
    expect(wrongs, 'what the browsers complained about').toEqual([])
  }

  /** The same error with what a reader needs to understand it: pictures of all pages and the server's last words. */
  private async report(what: string, error: unknown): Promise<unknown> {
    if (!(error instanceof Error)) return error
    const lines: string[] = []
    for (const actor of this.cast) {
      for (const [at, page] of actor.context.pages().entries()) {
        const path = shotPath(this.name, 'FAILED', what, actor.name, String(at))
        lines.push(`${actor.name} saw: ${await this.picture(page, path).catch((why: unknown) => `no picture: ${String(why)}`)}`)
      }
      lines.push(...actor.complaints.slice(-10))
    }
    error.message += `\n\n${lines.join('\n')}\n\nserver's log:\n${this.running?.server.tail() ?? ''}`
    return error
  }
}
