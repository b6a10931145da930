import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { Traffic } from './wait'
import type { Language } from './words'

export interface ActorOptions {
  language: Language
  width?: number
  height?: number
  context?: BrowserContextOptions
}

// Chromium reports a failed request as an error of the page, also where the page expects it: asking "who am I" before signing in.
const expected = [/status of 401 .*\/api\/v1\/(me|session)\b/]

const probe = `
  globalThis.__xss = [];
  globalThis.xss = (where) => globalThis.__xss.push(String(where ?? 'ran'));
  document.addEventListener('securitypolicyviolation', (e) => console.error('CSP violation: ' + e.violatedDirective + ' ' + e.blockedURI));
`

/** One person at one browser, with everything the browser complained about on the way. */
export class Actor {
  readonly complaints: string[] = []
  /** Of the first page. */
  readonly traffic: Traffic
  private readonly forgiven: RegExp[] = [...expected]

  private constructor(readonly name: string, readonly language: Language, readonly context: BrowserContext, readonly page: Page) {
    this.traffic = new Traffic(page)
  }

  static async enter(browser: Browser, name: string, options: ActorOptions): Promise<Actor> {
    const context = await browser.newContext({
      locale: options.language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      reducedMotion: 'reduce',
      ...options.context,
    })
    context.setDefaultTimeout(15_000)
    await context.addInitScript(probe)
    const actor = new Actor(name, options.language, context, await context.newPage())
    actor.watch(actor.page)
    context.on('page', (page) => actor.watch(page))
    return actor
  }

  private watch(page: Page): void {
    const complain = (what: string): void => { this.complaints.push(`${this.name}: ${what}`) }
    page.on('pageerror', (error) => complain(`error on the page: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') complain(`${message.text()} ${message.location().url}`)
    })
    page.on('dialog', (dialog) => {
      complain(`a dialog opened: ${dialog.message()}`)
      void dialog.dismiss()
    })
  }

  /** Some complaints belong to the story: no network, a claim that is refused. */
  forgive(...patterns: RegExp[]): void {
    this.forgiven.push(...patterns)
  }

  /** What went wrong in this browser so far, scripts that ran from data included. */
  async wrongs(): Promise<string[]> {
    const ran: string[] = []
    for (const page of this.context.pages()) {
      const found = await page.evaluate(() => (globalThis as { __xss?: string[] }).__xss ?? []).catch(() => [])
      ran.push(...found.map((where) => `${this.name}: a script ran from data: ${where}`))
    }
    return [...this.complaints.filter((one) => !this.forgiven.some((pattern) => pattern.test(one))), ...ran]
  }
}
