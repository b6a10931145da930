import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { en } from './en'
import { zh } from './zh'
import { read, write } from './server'

export type Words = typeof zh
export type Language = 'zh' | 'en'

const key = 'huiyin-simulator-language'

export function wordsOf(language: Language): Words {
  return language === 'zh' ? zh : en
}

/** The language that the address names, that was chosen, or that the browser prefers. */
export function pickLanguage(search: string, preferred: readonly string[]): Language {
  const asked = new URLSearchParams(search).get('lang') ?? read(key)
  if (asked === 'zh' || asked === 'en') return asked
  return preferred.some((one) => one.toLowerCase().startsWith('zh')) ? 'zh' : 'en'
}

export function keepLanguage(language: Language): void {
  write(key, language)
}

export const WordsContext = createContext<Words>(zh)

export const useWords = (): Words => useContext(WordsContext)
