import type { CannedReply, Language } from '../api/types'

/** What is being looked for in the reply box: `/` canned replies or `#` articles, from where to the caret. */
export interface Trigger { kind: 'canned' | 'article'; query: string; from: number }

/** Finds a `/word` at the start of a line or after a space, or a `#words`, that the caret stands in. */
export function findTrigger(text: string, caret: number): Trigger | null {
  const head = text.slice(0, caret)
  const canned = /(?:^|\s)\/([^\s/]{0,40})$/.exec(head)
  if (canned) return { kind: 'canned', query: canned[1] ?? '', from: caret - (canned[1]?.length ?? 0) - 1 }
  const article = /(?:^|\s)#([^\n#]{0,60})$/.exec(head)
  if (article && !/^\d+\s/.test(article[1] ?? '')) return { kind: 'article', query: article[1] ?? '', from: caret - (article[1]?.length ?? 0) - 1 }
  return null
}

/** Puts a text in place of the trigger; returns the whole text and where the caret goes. */
export function replaceTrigger(text: string, trigger: Trigger, caret: number, insert: string): { text: string; caret: number } {
  return { text: text.slice(0, trigger.from) + insert + text.slice(caret), caret: trigger.from + insert.length }
}

/** Fills {{contact.name}} and the like; an unknown or empty one leaves nothing behind. */
export function fillVariables(text: string, values: Record<string, string>): string {
  return text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_all, name: string) => values[name] ?? '')
}

/** Canned replies that match, those whose shortcut starts with the query first, the other language last. */
export function filterCanned(all: readonly CannedReply[], query: string, language: Language): CannedReply[] {
  const q = query.toLowerCase()
  const rank = (one: CannedReply): number => {
    const shortcut = one.shortcut.toLowerCase().replace(/^\//, '')
    const foreign = one.language !== '' && one.language !== language ? 10 : 0
    if (shortcut.startsWith(q)) return foreign
    if (one.title.toLowerCase().includes(q)) return foreign + 1
    return one.text.toLowerCase().includes(q) ? foreign + 2 : -1
  }
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter(({ rank: r }) => r >= 0)
    .sort((a, b) => a.rank - b.rank || a.one.shortcut.localeCompare(b.one.shortcut))
    .map(({ one }) => one)
}
