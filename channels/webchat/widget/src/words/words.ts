import { en, type Words } from './en'
import { zh } from './zh'

export type { Words } from './en'
export type Language = 'zh' | 'en'

/** The widget's language: what the site asks for, or the browser's first one that we speak. */
export function pickLanguage(asked: string | undefined, browser: readonly string[]): Language {
  for (const tag of asked ? [asked] : browser) {
    const main = tag.toLowerCase().split(/[-_]/)[0]
    if (main === 'zh' || main === 'en') return main
  }
  return 'en'
}

/** The visitor's language when the inbox offers it, else the first that it does. */
export function offered(asked: Language, languages: readonly string[] | undefined): Language {
  const known = (languages ?? []).map((tag) => pickLanguage(tag, []))
  return known.includes(asked) ? asked : (known[0] ?? asked)
}

/** The tag for dates and for the server. */
export function tagOf(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}

export function wordsOf(language: Language): Words {
  return language === 'zh' ? zh : en
}
