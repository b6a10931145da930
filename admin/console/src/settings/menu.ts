import type { components } from '../api/schema.gen'
import type { Phrase } from '../i18n'

export type Item = components['schemas']['MenuItem']
export type Does = 'ask' | 'url' | 'app' | 'items'

/** An entry as it is edited: what it does is chosen, the rest stays while it is changed. */
export interface Entry {
  key: number
  label: string
  does: Does
  ask: string
  url: string
  app: string
  page: string
  items: Entry[]
}

export const most = { top: 3, below: 5 } as const

let last = 0

/** An entry without anything. */
export function blank(): Entry {
  last += 1
  return { key: last, label: '', does: 'ask', ask: '', url: '', app: '', page: '', items: [] }
}

/** A menu of the provider's, to be edited. */
export function toEntries(items: readonly Item[]): Entry[] {
  return items.map((one) => ({
    ...blank(), label: one.label, ask: one.ask ?? '', url: one.url ?? '', app: one.app_id ?? '', page: one.app_page ?? '',
    does: one.items?.length ? 'items' : one.app_id ? 'app' : one.url ? 'url' : 'ask', items: toEntries(one.items ?? []),
  }))
}

/** The menu to publish: of each entry only what it does. */
export function toItems(entries: readonly Entry[]): Item[] {
  return entries.map((one) => {
    const label = one.label.trim()
    switch (one.does) {
      case 'items': return { label, items: toItems(one.items) }
      case 'app': return { label, app_id: one.app.trim(), app_page: one.page.trim(), url: one.url.trim() || undefined }
      case 'url': return { label, url: one.url.trim() }
      default: return { label, ask: one.ask.trim() }
    }
  })
}

/** How wide a label is: a Chinese character counts two. */
export function width(label: string): number {
  return [...label].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0xff ? 2 : 1), 0)
}

/** What keeps an entry from being published; its own fields only. */
export function problemOf(entry: Entry, top: boolean): Phrase | '' {
  if (!entry.label.trim()) return 'menu.problem.label'
  if (width(entry.label.trim()) > (top ? 8 : 16)) return 'menu.problem.long'
  if (entry.does === 'ask' && !entry.ask.trim()) return 'menu.problem.ask'
  if (entry.does === 'url' && !/^https?:\/\/\S+$/.test(entry.url.trim())) return 'menu.problem.url'
  if (entry.does === 'app' && (!entry.app.trim() || !entry.page.trim())) return 'menu.problem.app'
  if (entry.does === 'items' && !entry.items.length) return 'menu.problem.items'
  return ''
}

/** Whether the whole menu can be published. */
export function publishable(entries: readonly Entry[]): boolean {
  return entries.every((one) => problemOf(one, true) === '' && (one.does !== 'items' || one.items.every((sub) => problemOf(sub, false) === '')))
}

/** The list with one entry moved by a step; at the ends it stays. */
export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const to = from + by
  if (to < 0 || to >= list.length) return [...list]
  const next = [...list]
  const [one] = next.splice(from, 1)
  if (one !== undefined) next.splice(to, 0, one)
  return next
}
