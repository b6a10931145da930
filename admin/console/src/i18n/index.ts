import { computed, ref } from 'vue'
import { configureClient } from '../api/client'
import type { Language } from '../api/types'
import { answers } from './answers'
import { articlelife } from './articlelife'
import { channels } from './channels'
import { common } from './common'
import { customer } from './customer'
import { desk } from './desk'
import { deskwork } from './deskwork'
import { editor } from './editor'
import { find } from './find'
import { golden } from './golden'
import { gaps } from './gaps'
import { helpcentre } from './helpcentre'
import { hours } from './hours'
import { imports } from './imports'
import { knowledge } from './knowledge'
import { lead } from './lead'
import { maildesk } from './maildesk'
import { mailtext } from './mailtext'
import { robot } from './robot'
import { roster } from './roster'
import { routing } from './routing'
import { settings } from './settings'
import { slack } from './slack'
import { texts } from './texts'

/** Every phrase as [zh, en]: one cannot be written without the other. */
export const phrases = {
  ...common,
  ...answers,
  ...articlelife,
  ...channels,
  ...customer,
  ...desk,
  ...deskwork,
  ...editor,
  ...find,
  ...golden,
  ...gaps,
  ...helpcentre,
  ...hours,
  ...imports,
  ...knowledge,
  ...lead,
  ...maildesk,
  ...mailtext,
  ...robot,
  ...roster,
  ...routing,
  ...settings,
  ...slack,
  ...texts,
}
export type Phrase = keyof typeof phrases
export type Values = Record<string, string | number>

const stored = 'huiyin.language'
const current = ref<Language>(initial())

function initial(): Language {
  const kept = typeof localStorage === 'undefined' ? null : localStorage.getItem(stored)
  if (kept === 'zh' || kept === 'en') return kept
  return typeof navigator !== 'undefined' && !navigator.language.toLowerCase().startsWith('zh') ? 'en' : 'zh'
}

/** The language of the pages, and its BCP 47 tag. */
export const language = computed(() => current.value)
export const locale = computed(() => (current.value === 'zh' ? 'zh-CN' : 'en-GB'))

export function setLanguage(next: Language): void {
  current.value = next
  configureClient({ language: next })
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem(stored, next)
}

/** Picks the English form by count: "one conversation|{n} conversations". */
export function fill(text: string, values: Values): string {
  const forms = text.split('|')
  const chosen = forms.length === 2 && Number(values.n) === 1 ? forms[0] : forms[forms.length - 1]
  return (chosen ?? '').replace(/\{(\w+)\}/g, (all, key: string) => (key in values ? String(values[key]) : all))
}

export function t(key: Phrase, values: Values = {}): string {
  return fill(phrases[key][current.value === 'zh' ? 0 : 1], values)
}

/** For keys made from the server's words; falls back to the word itself, never to nothing. */
export function tryT(key: string, fallback: string, values: Values = {}): string {
  return key in phrases ? t(key as Phrase, values) : fallback
}
