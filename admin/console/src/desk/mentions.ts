import type { Message } from '../api/types'

export interface Mention { kind: string; text: string; value: string }

/** How many mentions are shown beside a conversation. */
export const shownMentions = 12

/** What the customer mentioned, newest first, each once. */
export function mentions(messages: readonly Message[]): Mention[] {
  const found = new Map<string, Mention>()
  for (const m of [...messages].reverse()) {
    for (const one of m.entities ?? []) {
      const key = `${one.kind}\n${one.value || one.text}`
      if (!found.has(key)) found.set(key, { kind: one.kind, text: one.text, value: one.value ?? '' })
    }
  }
  return [...found.values()].slice(0, shownMentions)
}
