import type { Category, Language } from '../api/types'

/** A category with those below it. `total` counts the articles of all of them. */
export interface Branch { path: string; name: string; total: number; depth: number; children: Branch[] }

/** Makes a tree of "a/b/c" paths in the order in which they come; folders that hold only folders are made up. Names are in the reader's language. */
export function buildTree(categories: readonly Category[], language: Language = 'zh'): Branch[] {
  const roots: Branch[] = []
  const known = new Map<string, Branch>()
  const names = new Map(categories.map((one) => [one.path, nameOf(one, language)]))
  const branch = (path: string): Branch => {
    const found = known.get(path)
    if (found) return found
    const parent = parentOf(path) ? branch(parentOf(path)) : undefined
    const made: Branch = { path, name: names.get(path) ?? lastPart(path), total: 0, depth: parent ? parent.depth + 1 : 0, children: [] }
    known.set(path, made)
    ;(parent ? parent.children : roots).push(made)
    return made
  }
  for (const { path, articles } of categories) {
    if (!path) continue
    const parts = path.split('/')
    parts.forEach((_part, index) => { branch(parts.slice(0, index + 1).join('/')).total += articles })
  }
  return roots
}

/** The branches in reading order, those below a closed one left out. */
export function flatten(roots: readonly Branch[], closed: ReadonlySet<string>): Branch[] {
  return roots.flatMap((one) => [one, ...(closed.has(one.path) ? [] : flatten(one.children, closed))])
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** What readers of a language call a category. */
export function nameOf(one: Pick<Category, 'path' | 'names'>, language: Language): string {
  return one.names?.[language] || lastPart(one.path)
}

/** The names of a category and of those above it. */
export function wholeName(all: readonly Category[], path: string, language: Language): string {
  return path.split('/').map((_part, index, parts) => {
    const upTo = parts.slice(0, index + 1).join('/')
    const known = all.find((one) => one.path === upTo)
    return known ? nameOf(known, language) : lastPart(upTo)
  }).join(' / ')
}

/** Where a category lands: its new path, and before which sibling; before: '' is behind them all. */
export interface Landing { to: string; before: string }

export type Drop = 'before' | 'into' | 'after'

const siblingsOf = (roots: readonly Branch[], parent: string): Branch[] =>
  parent === '' ? [...roots] : flatten(roots, new Set()).find((one) => one.path === parent)?.children ?? []

/** What dropping a category on another does; null when it would go below itself, or stay where it is. */
export function landing(roots: readonly Branch[], path: string, onto: string, where: Drop): Landing | null {
  if (onto === path || onto.startsWith(`${path}/`)) return null
  const parent = where === 'into' ? onto : parentOf(onto)
  const siblings = siblingsOf(roots, parent).filter((one) => one.path !== path)
  const at = siblings.findIndex((one) => one.path === onto)
  const before = where === 'into' ? '' : where === 'before' ? onto : siblings[at + 1]?.path ?? ''
  const to = parent ? `${parent}/${lastPart(path)}` : lastPart(path)
  return to === path && where === 'into' ? null : { to, before }
}

/** The moves of the menu, for whoever does not drag: one up, one down, one level out, below the one above. Those that make no sense are null. */
export function steps(roots: readonly Branch[], path: string): Record<'up' | 'down' | 'out' | 'into', Landing | null> {
  const parent = parentOf(path)
  const siblings = siblingsOf(roots, parent)
  const at = siblings.findIndex((one) => one.path === path)
  const above = siblings[at - 1]
  const below = siblings[at + 1]
  return {
    up: above ? landing(roots, path, above.path, 'before') : null,
    down: below ? landing(roots, path, below.path, 'after') : null,
    out: parent ? landing(roots, path, parent, 'after') : null,
    into: above ? landing(roots, path, above.path, 'into') : null,
  }
}
