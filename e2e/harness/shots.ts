import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'

const variable = 'E2E_SHOTS'
const everyLook = 'E2E_EVERY_LOOK'

/** Runs once before all tests: chooses the folder for the screenshots and says where it is. */
export default function setup(): () => void {
  const given = process.env[variable]
  if (given) process.env[everyLook] = 'yes'
  const folder = given ? resolve(given) : mkdtempSync(join(tmpdir(), 'huiyin-e2e-'))
  mkdirSync(folder, { recursive: true })
  process.env[variable] = folder
  return () => process.stdout.write(`screenshots: ${folder}\n`)
}

/** The path of a screenshot; parts of its name may be in any language. */
export function shotPath(...parts: string[]): string {
  const folder = process.env[variable]
  if (!folder) throw new Error(`${variable} is not set: run the tests through vitest`)
  return join(folder, `${parts.map((part) => part.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')).join('-')}.png`)
}

/** A picture of one look of many, for who named a folder; else it only waits until the page is drawn as it is now. */
export async function lookShot(page: Page, ...parts: string[]): Promise<void> {
  if (process.env[everyLook]) await page.screenshot({ path: shotPath(...parts), animations: 'disabled' })
  else await drawn(page)
}

/** Waits for two frames: the first may still draw what was there before. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)) }))
}
