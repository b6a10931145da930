import type { Locator } from 'playwright-core'

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
