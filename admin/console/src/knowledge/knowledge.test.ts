import { beforeEach, describe, expect, it } from 'vitest'
import { emptyForm, formOf, inputOf, isEmpty, localTime, missing, newVariant, sameForm, type Form } from './form'
import { knowledgeSections, visibleSections } from './sections'
import { buildTree, flatten } from './tree'
import { UnsavedTexts } from './unsaved'

const written = (change: (form: Form) => void): Form => { const form = emptyForm(); change(form); return form }
const article = { key: 'k', category: 'a/b', tags: ['t'], languages: { zh: { question: '问', similar: ['怎么'], answer: '答' } } }

describe('form', () => {
  it('has every language, whatever the article has', () => {
    const form = formOf(article)
    expect([form.languages.zh.question, form.languages.en.question]).toEqual(['问', ''])
  })

  it('does not share lists with the article', () => {
    formOf(article).languages.zh.similar.push('x')
    formOf(article).tags.push('x')
    expect([article.languages.zh.similar, article.tags]).toEqual([['怎么'], ['t']])
  })

  it('brings the scope there and back', () => {
    const scope = { audience: 'internal' as const, valid_from: '2026-11-21T09:00:00.000Z', variants: [{ channel: 'email', tier: 'vip', answers: { zh: '贵宾' } }] }
    expect(inputOf(formOf({ ...article, ...scope }))).toMatchObject(scope)
    expect(localTime(undefined)).toBe('')
  })

  it('sends no language without a word, and no empty key', () => {
    const input = inputOf({ ...formOf(article), key: ' ' }, 3)
    expect(input).toEqual({ version: 3, key: undefined, category: 'a/b', tags: ['t'], languages: article.languages, audience: 'public', variants: [], notes: '', related: [] })
  })

  it.each<[string, (form: Form) => void, boolean]>([
    ['nothing changed', () => undefined, true],
    ['a space around the category', (form) => { form.category = ' a/b ' }, true],
    ['a word', (form) => { form.languages.zh.answer = '答案' }, false],
    ['another phrasing', (form) => { form.languages.zh.similar = [] }, false],
    ['another language', (form) => { form.languages.en.question = 'Q' }, false],
    ['a tag', (form) => { form.tags = [] }, false],
    ['for agents only', (form) => { form.internal = true }, false],
    ['an end', (form) => { form.validUntil = '2027-01-01T00:00' }, false],
    ['a variant without an answer', (form) => { form.variants.push(newVariant()) }, true],
    ['a variant', (form) => { form.variants.push({ ...newVariant(), tier: 'vip', answers: { zh: '贵宾', en: '' } }) }, false],
  ])('is the same: %s', (_name, change, want) => {
    const form = formOf(article)
    change(form)
    expect(sameForm(form, formOf(article))).toBe(want)
  })

  it.each<[string, (form: Form) => void, object]>([
    ['nothing written', () => undefined, { zh: 'question' }],
    ['a question only', (form) => { form.languages.en.question = 'Q' }, { en: 'answer' }],
    ['an answer only', (form) => { form.languages.zh.answer = 'A' }, { zh: 'question' }],
    ['phrasings only', (form) => { form.languages.zh.similar = ['x'] }, { zh: 'question' }],
    ['one language whole', (form) => { form.languages.en = { question: 'Q', similar: [], answer: 'A' } }, {}],
    ['the other one half', (form) => { form.languages.en = { question: 'Q', similar: [], answer: 'A' }; form.languages.zh.question = '问' }, { zh: 'answer' }],
  ])('misses: %s', (_name, change, want) => {
    expect(missing(written(change))).toEqual(want)
  })

  it('is empty when only spaces are there', () => {
    expect([isEmpty({ question: ' ', similar: [], answer: '\n' }), isEmpty({ question: '', similar: ['x'], answer: '' })]).toEqual([true, false])
  })
})

describe('unsaved texts', () => {
  beforeEach(() => localStorage.clear())
  const texts = new UnsavedTexts(localStorage, () => 5)

  it('come back as they were', () => {
    texts.save(3, formOf(article), 7)
    expect(texts.load(3)).toEqual({ form: formOf(article), version: 7, at: 5 })
    expect(texts.load(4)).toBeNull()
    texts.clear(3)
    expect(texts.load(3)).toBeNull()
  })

  it('of a new article are apart', () => {
    texts.save(0, emptyForm(), 0)
    expect([texts.load(0)?.version, localStorage.key(0)]).toEqual([0, 'huiyin.article.new'])
  })

  it.each(['', 'x', '{}', '{"form":{}}', '{"form":{"languages":{"zh":{}}}}', 'null'])('are nothing when the storage holds %s', (kept) => {
    localStorage.setItem('huiyin.article.1', kept)
    expect(texts.load(1)).toBeNull()
  })
})

describe('tree', () => {
  const tree = buildTree([{ path: 'broadband/faults', articles: 3, names: {} }, { path: 'broadband', articles: 1, names: {} }, { path: 'sim/esim/abroad', articles: 2, names: {} }, { path: '', articles: 9, names: {} }])

  it('counts what is below, and makes up missing folders', () => {
    expect(flatten(tree, new Set()).map((one) => `${'  '.repeat(one.depth)}${one.name} ${one.total}`)).toEqual(['broadband 4', '  faults 3', 'sim 2', '  esim 2', '    abroad 2'])
  })

  it('hides what is below a closed one', () => {
    expect(flatten(tree, new Set(['sim'])).map((one) => one.path)).toEqual(['broadband', 'broadband/faults', 'sim'])
  })
})

describe('navigation', () => {
  const all = [{ route: 'knowledge', label: 'kb.articles', needs: 'a' }, { route: 'knowledge-x', label: 'kb.search', needs: 'b' }, { route: 'knowledge-y', label: 'kb.new', needs: 'c' }] as const
  it.each<[string, string[], string[]]>([
    ['who may all', ['a', 'b', 'c'], ['knowledge', 'knowledge-x', 'knowledge-y']],
    ['who may some', ['a', 'c'], ['knowledge', 'knowledge-y']],
    ['who may only one needs none', ['a'], []],
    ['who may nothing', [], []],
  ])('%s', (_name, may, want) => {
    expect(visibleSections((one) => may.includes(one), all).map((one) => one.route)).toEqual(want)
  })

  it('names its routes so that the rail knows their place', () => {
    expect(knowledgeSections.filter((one) => one.route.split('-')[0] !== 'knowledge')).toEqual([])
  })
})
