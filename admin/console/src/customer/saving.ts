import type { Contact, ContactPatch } from '../api/types'

/** One field that a colleague changed while it was being edited here. */
export interface Clash { field: string; theirs: string; yours: string }

type Plain = 'name' | 'phone' | 'email'
const plain: readonly Plain[] = ['name', 'phone', 'email']

/** What of a patch a colleague changed meanwhile, to something else than it says. */
export function clashes(base: Contact, now: Contact, patch: ContactPatch): Clash[] {
  const found: Clash[] = []
  const compare = (field: string, was: string, is: string, wish: string | undefined) => {
    if (wish !== undefined && is !== was && is !== wish) found.push({ field, theirs: is, yours: wish })
  }
  for (const field of plain) compare(field, base[field] ?? '', now[field] ?? '', patch[field])
  for (const [key, wish] of Object.entries(patch.attributes ?? {})) compare(key, base.attributes[key] ?? '', now.attributes[key] ?? '', wish)
  if (patch.manager_id !== undefined) compare('manager', String(base.manager?.id ?? 0), String(now.manager?.id ?? 0), String(patch.manager_id))
  return found
}

/** Only what differs is sent; an attribute that is gone is set to nothing. */
export function attributePatch(was: Record<string, string>, next: Record<string, string>): Record<string, string> {
  const patch: Record<string, string> = {}
  for (const [key, value] of Object.entries(next)) if (was[key] !== value) patch[key] = value
  for (const key of Object.keys(was)) if (!(key in next)) patch[key] = ''
  return patch
}
