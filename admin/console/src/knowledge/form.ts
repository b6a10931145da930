import type { Article, ArticleInput, ArticleText, Language } from '../api/types'

/** An article as it is being written. */
export interface Form { key: string; category: string; tags: string[]; languages: Record<Language, ArticleText> }

export const languages: Language[] = ['zh', 'en']

const blank = (): ArticleText => ({ question: '', similar: [], answer: '' })

export function emptyForm(): Form {
  return { key: '', category: '', tags: [], languages: { zh: blank(), en: blank() } }
}

export function formOf(article: Pick<Article, 'key' | 'category' | 'tags' | 'languages'>): Form {
  const texts = article.languages ?? {}
  const copy = (text: ArticleText | undefined): ArticleText => (text ? { question: text.question, similar: [...text.similar], answer: text.answer } : blank())
  return { key: article.key ?? '', category: article.category, tags: [...article.tags], languages: { zh: copy(texts.zh), en: copy(texts.en) } }
}

export function isEmpty(text: ArticleText): boolean {
  return text.question.trim() === '' && text.answer.trim() === '' && text.similar.length === 0
}

/** The form as the server takes it: languages without a word are left out. */
export function inputOf(form: Form, version?: number): ArticleInput {
  const texts = Object.fromEntries(languages.filter((one) => !isEmpty(form.languages[one])).map((one) => [one, form.languages[one]]))
  return { version, key: form.key.trim() || undefined, category: form.category.trim(), tags: form.tags, languages: texts }
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
