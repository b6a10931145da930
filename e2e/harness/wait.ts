import type { Locator, Page, Request } from 'playwright-core'

const patience = 15_000

/** Waits until look no longer throws; the last reason is the error. */
export async function eventually<T>(look: () => Promise<T>, within = patience): Promise<T> {
  const deadline = Date.now() + within
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((next) => setTimeout(next, 50))
    }
  }
}

/** Waits until the reader can see it. */
export async function see(what: Locator, within = patience): Promise<void> {
  await what.first().waitFor({ state: 'visible', timeout: within })
}

/** Waits until nobody can see it any more. */
export async function gone(what: Locator, within = patience): Promise<void> {
  await what.first().waitFor({ state: 'hidden', timeout: within })
}

const calm = 150

/** What a page has asked for and not got yet, and when that last changed. */
export class Traffic {
  private readonly open = new Set<Request>()
  private changed = Date.now()

  constructor(page: Page) {
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) this.open.clear() // what the page before still asked for
      if (request.resourceType() !== 'eventsource') this.open.add(request)
      this.changed = Date.now()
    })
    page.on('requestfinished', (request) => this.end(request))
    page.on('requestfailed', (request) => this.end(request))
  }

  private end(request: Request): void {
    this.open.delete(request)
    this.changed = Date.now()
  }

  /** Waits until the page has all that it asked for and asks for nothing more. */
  async rests(): Promise<void> {
    await eventually(() => {
      const since = Date.now() - this.changed
      if (this.open.size > 0 || since < calm) throw new Error(`the page still asks: ${[...this.open].map((request) => request.url()).join(' ')}`)
      return Promise.resolve()
    })
  }
}
