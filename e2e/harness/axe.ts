import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** WCAG 2.2 AA and everything below it. */
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface Found {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What axe finds wrong with an element and all in it, one line for each place. */
export async function axeFaults(page: Page, selector: string): Promise<string[]> {
  // By evaluate, not as a script of the page: a strict policy would forbid that.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  const found = await page.evaluate(
    ([where, tags]) => {
      type Axe = { run(context: unknown, options: unknown): Promise<{ violations: Found[] }> }
      const axe = (window as unknown as { axe: Axe }).axe
      return axe.run({ include: [where] }, { runOnly: { type: 'tag', values: tags } }).then((result) => result.violations)
    },
    [selector, levels] as const,
  )
  return found.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`))
}

interface Spoken {
  role: string
  name: string
}

/** What a screen reader meets from top to bottom in the chat: the role and the name of each stop, without mere containers. */
export async function spoken(page: Page): Promise<Spoken[]> {
  const wire = await page.context().newCDPSession(page)
  const { nodes } = (await wire.send('Accessibility.getFullAXTree')) as { nodes: AxNode[] }
  await wire.detach()
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const chat = nodes.find((node) => node.role?.value === 'dialog' || node.role?.value === 'main' && node.name?.value !== '')
  const found: Spoken[] = []
  const walk = (node: AxNode | undefined): void => {
    if (!node) return
    const role = node.role?.value ?? ''
    const name = (node.name?.value ?? '').trim()
    if (!node.ignored && !silent.has(role) && (name !== '' || stops.has(role))) found.push({ role, name })
    if (role !== 'button' && role !== 'StaticText') for (const id of node.childIds ?? []) walk(byId.get(id))
  }
  walk(chat)
  return found
}

interface AxNode {
  nodeId: string
  ignored?: boolean
  role?: { value: string }
  name?: { value: string }
  childIds?: string[]
}

const silent = new Set(['generic', 'none', 'InlineTextBox', 'paragraph', 'list', 'ListMarker', 'LineBreak', 'LabelText'])
/** What must have a name. */
const stops = new Set(['button', 'textbox', 'link', 'radio', 'checkbox', 'combobox', 'menuitem', 'img', 'image', 'group', 'dialog'])

/** Stops without a name: a screen reader could only say what they are. */
export function nameless(heard: readonly Spoken[]): string[] {
  return heard.filter(({ role, name }) => name === '' && stops.has(role)).map(({ role }) => `a ${role} without a name`)
}
