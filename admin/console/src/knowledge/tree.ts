import type { Category } from '../api/types'

/** A category with those below it. `total` counts the articles of all of them. */
export interface Branch { path: string; name: string; total: number; depth: number; children: Branch[] }

/** Makes a tree of "a/b/c" paths; folders that hold only folders are made up. */
export function buildTree(categories: readonly Category[]): Branch[] {
  const roots: Branch[] = []
  const known = new Map<string, Branch>()
  const branch = (path: string): Branch => {
    const found = known.get(path)
    if (found) return found
    const cut = path.lastIndexOf('/')
    const parent = cut < 0 ? undefined : branch(path.slice(0, cut))
    const made: Branch = { path, name: path.slice(cut + 1), total: 0, depth: parent ? parent.depth + 1 : 0, children: [] }
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
