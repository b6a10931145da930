import type { Phrase } from '../i18n'

/** Texts by language, without the empty ones. */
export function textsOf(zh: string, en: string): Record<string, string> {
  return Object.fromEntries([['zh', zh.trim()], ['en', en.trim()]].filter(([, text]) => text)) as Record<string, string>
}

/** The least contrast of text (WCAG 2.2, 1.4.3). */
const readable = 4.5

/** What there is to say of a colour: contrast of the words on it, and of words in it on white. */
export function legible(on: number, text: number): Phrase {
  if (on < readable) return 'helpc.colour.bad'
  return text < readable ? 'helpc.colour.pale' : 'helpc.colour.good'
}
