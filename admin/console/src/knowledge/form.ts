import type { Article, ArticleInput, ArticleText, Language, RelatedArticle } from '../api/types'

/** An article as it is being written. */
export interface Form {
  key: string
  category: string
  tags: string[]
  languages: Record<Language, ArticleText>
  internal: boolean
  /** Local times as an input has them; empty: no limit. */
  validFrom: string
  validUntil: string
  variants: Variant[]
  /** For colleagues; no customer sees it. */
  notes: string
  related: RelatedArticle[]
}

/** Another answer for one channel, for one tier of customers, or for both. */
export interface Variant { channel: string; tier: string; answers: Record<Language, string> }

export const maxVariants = 20

export const newVariant = (): Variant => ({ channel: '', tier: '', answers: { zh: '', en: '' } })

export const languages: Language[] = ['zh', 'en']

const blank = (): ArticleText => ({ question: '', similar: [], answer: '' })

export function emptyForm(): Form {
  return { key: '', category: '', tags: [], languages: { zh: blank(), en: blank() }, internal: false, validFrom: '', validUntil: '', variants: [], notes: '', related: [] }
}

/** A revision names its related articles by their ids only. */
type Shown = Pick<Article, 'key' | 'category' | 'tags' | 'languages' | 'audience' | 'valid_from' | 'valid_until' | 'variants' | 'notes'> & { related?: (RelatedArticle | number)[] }

export function formOf(article: Shown): Form {
  const texts = article.languages ?? {}
  const copy = (text: ArticleText | undefined): ArticleText => (text ? { question: text.question, similar: [...text.similar], answer: text.answer } : blank())
  return {
    key: article.key ?? '', category: article.category, tags: [...article.tags], languages: { zh: copy(texts.zh), en: copy(texts.en) },
    internal: article.audience === 'internal', validFrom: localTime(article.valid_from), validUntil: localTime(article.valid_until),
    variants: (article.variants ?? []).map((one) => ({ channel: one.channel ?? '', tier: one.tier ?? '', answers: { zh: one.answers.zh ?? '', en: one.answers.en ?? '' } })),
    notes: article.notes ?? '', related: (article.related ?? []).map((one) => (typeof one === 'number' ? { id: one, title: `#${one}`, gone: false } : { ...one })),
  }
}

/** A time of the server as an input for local times has it, to the minute. */
export function localTime(at: string | undefined): string {
  if (!at) return ''
  const d = new Date(at)
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** An input's local time as the server takes it; undefined when it is none. */
export function serverTime(local: string): string | undefined {
  const at = Date.parse(local)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

function variantsOf(form: Form): ArticleInput['variants'] {
  return form.variants
    .map((one) => ({ channel: one.channel || undefined, tier: one.tier.trim() || undefined, answers: Object.fromEntries(languages.filter((lang) => one.answers[lang].trim()).map((lang) => [lang, one.answers[lang]])) }))
    .filter((one) => Object.keys(one.answers).length > 0)
}

export function isEmpty(text: ArticleText): boolean {
  return text.question.trim() === '' && text.answer.trim() === '' && text.similar.length === 0
}

/** The form as the server takes it: languages without a word are left out. */
export function inputOf(form: Form, version?: number): ArticleInput {
  const texts = Object.fromEntries(languages.filter((one) => !isEmpty(form.languages[one])).map((one) => [one, form.languages[one]]))
  return {
    version, key: form.key.trim() || undefined, category: form.category.trim(), tags: form.tags, languages: texts,
    audience: form.internal ? 'internal' : 'public', valid_from: serverTime(form.validFrom), valid_until: serverTime(form.validUntil), variants: variantsOf(form),
    notes: form.notes.trim(), related: form.related.map((one) => one.id),
  }
}

export function sameForm(a: Form, b: Form): boolean {
  return JSON.stringify(inputOf(a)) === JSON.stringify(inputOf(b))
}

/** What keeps the article from being saved or published, per language; empty when nothing does. */
export function missing(form: Form): Partial<Record<Language, 'question' | 'answer'>> {
  const found: Partial<Record<Language, 'question' | 'answer'>> = {}
  for (const one of languages) {
    const text = form.languages[one]
    if (isEmpty(text)) continue
    if (!text.question.trim()) found[one] = 'question'
    else if (!text.answer.trim()) found[one] = 'answer'
  }
  if (languages.every((one) => isEmpty(form.languages[one]))) found.zh = 'question'
  return found
}

/** The answer that customers of a channel get: the one written for it, else the article's own. */
export function answerOn(form: Form, channel: string, lang: Language): { text: string; own: boolean } {
  const variant = form.variants.find((one) => one.channel === channel && !one.tier.trim() && one.answers[lang].trim())
  return { text: variant?.answers[lang] ?? form.languages[lang].answer, own: variant !== undefined }
}
