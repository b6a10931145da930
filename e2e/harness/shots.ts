import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const variable = 'E2E_SHOTS'

/** Runs once before all tests: chooses the folder for the screenshots and says where it is. */
export default function setup(): () => void {
  const given = process.env[variable]
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
