import type { CannedReply, Language } from '../api/types'
import { initials } from './pinyin'

/** What is being looked for in the reply box: `/` canned replies, `#` articles, or `@` people and teams, from where to the caret. */
export interface Trigger { kind: 'canned' | 'article' | 'mention'; query: string; from: number }

/** Finds a `/word` at the start of a line or after a space, a `#words`, or in a note a `@name`, that the caret stands in. */
export function findTrigger(text: string, caret: number, note = false): Trigger | null {
  const head = text.slice(0, caret)
  const mention = note ? /(?:^|[\s，。；：])@([^\s@]{0,30})$/.exec(head) : null
  if (mention) return { kind: 'mention', query: mention[1] ?? '', from: caret - (mention[1]?.length ?? 0) - 1 }
  const canned = note ? null : /(?:^|\s)\/([^\s/]{0,40})$/.exec(head)
  if (canned) return { kind: 'canned', query: canned[1] ?? '', from: caret - (canned[1]?.length ?? 0) - 1 }
  const article = /(?:^|\s)#([^\n#]{0,60})$/.exec(head)
  if (article && !/^\d+\s/.test(article[1] ?? '')) return { kind: 'article', query: article[1] ?? '', from: caret - (article[1]?.length ?? 0) - 1 }
  return null
}

/** Puts a text in place of the trigger; returns the whole text and where the caret goes. */
export function replaceTrigger(text: string, trigger: Trigger, caret: number, insert: string): { text: string; caret: number } {
  return { text: text.slice(0, trigger.from) + insert + text.slice(caret), caret: trigger.from + insert.length }
}

/** {{customer.name}}, or {{customer.name|friend}} with what stands there when it is not known; knowledge/variables.go reads answers by the same rule. */
const variable = /\{\{\s*([^{}|\n]*?)\s*(?:\|([^{}\n]*))?\}\}/g

/** Fills {{customer.name}} and the like; an unknown or empty one leaves nothing but its own word behind. What is filled in is text: braces in it mean nothing. */
export function fillVariables(text: string, values: Record<string, string>): string {
  return text.replace(variable, (_all, name: string, otherwise?: string) => values[name]?.trim() || otherwise?.trim() || '')
}

/** The variables of a text that have neither a value nor a word of their own, each once, in their order. */
export function missingVariables(text: string, values: Record<string, string>): string[] {
  return [...new Set([...text.matchAll(variable)].filter((match) => !match[2]?.trim()).map((match) => match[1] ?? ''))].filter((name) => !values[name]?.trim())
}

/** Canned replies that match: those whose shortcut starts with the query first, then by how often they are used, the other language last. */
export function filterCanned(all: readonly CannedReply[], query: string, language: Language): CannedReply[] {
  const q = query.toLowerCase()
  const rank = (one: CannedReply): number => {
    const shortcut = one.shortcut.toLowerCase().replace(/^\//, '')
    const foreign = one.language !== '' && one.language !== language ? 10 : 0
    if (shortcut.startsWith(q)) return foreign
    if (one.title.toLowerCase().includes(q) || initials(shortcut).startsWith(q) || initials(one.title).includes(q)) return foreign + 1
    return one.text.toLowerCase().includes(q) ? foreign + 2 : -1
  }
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter(({ rank: r }) => r >= 0)
    .sort((a, b) => a.rank - b.rank || b.one.uses - a.one.uses || a.one.shortcut.localeCompare(b.one.shortcut))
    .map(({ one }) => one)
}

/** Who of the people and teams a note still names, by the words `@name` in it. */
export function stillNamed<T extends { name: string }>(text: string, named: readonly T[]): T[] {
  return named.filter((one) => text.includes(`@${one.name}`))
}
