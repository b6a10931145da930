import type { Words } from './en'

export type { Words } from './en'
/** zh is simplified Chinese, tw traditional. */
export type Language = 'zh' | 'tw' | 'en'

const tags = { zh: 'zh-CN', tw: 'zh-TW', en: 'en' } as const
const spoken: { [L in Language]?: Words } = {}

/** The widget's language: what the site asks for, or the browser's first one that we speak. */
export function pickLanguage(asked: string | undefined, browser: readonly string[]): Language {
  for (const tag of asked ? [asked] : browser) {
    const [main, ...rest] = tag.toLowerCase().split(/[-_]/)
    if (main === 'en') return main
    if (main === 'zh') return !rest.includes('hans') && rest.some((part) => /^(tw|hk|mo|hant)$/.test(part)) ? 'tw' : 'zh'
  }
  return 'en'
}

/** The visitor's language when the inbox offers it, one with the other script next, else the first that it does. */
export function offered(asked: Language, languages: readonly string[] | undefined): Language {
  const known = (languages ?? []).map((tag) => pickLanguage(tag, []))
  // Who reads one script gets the buttons in it, also when the owner wrote the greeting in the other.
  if (known.includes(asked) || (asked !== 'en' && known.some((l) => l !== 'en'))) return asked
  return known[0] ?? asked
}

/** The tag for dates and for the server. */
export function tagOf(language: Language): string {
  return tags[language]
}

/** The words of a language, or of one that is there already until they are loaded. */
export function wordsOf(language: Language): Words {
  return (spoken[language] ?? Object.values(spoken)[0]) as Words
}

/** Loads the words of a language; false when they were there. */
export async function loadWords(language: Language): Promise<boolean> {
  if (spoken[language]) return false
  const load = { zh: () => import('./zh').then((m) => m.zh), tw: () => import('./tw').then((m) => m.tw), en: () => import('./en').then((m) => m.en) }
  spoken[language] = await load[language]()
  return true
}
