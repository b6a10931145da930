import { describe, expect, it } from 'vitest'
import type { AnswerSample, ArticleFinding } from '../../api/types'
import { emptyForm, answerOn, formOf, inputOf } from '../form'
import { buildTree, flatten, landing, nameOf, steps, wholeName, type Drop } from '../tree'
import { filesOf, written } from './files'
import { serious, sorted } from './findings'
import { newest } from './kept'
import { lookOf, measure, pieces } from './samples'
import { added, refused } from './similar'
import { example, variables, variableText } from './variables'

const sample = (more: Partial<AnswerSample>): AnswerSample => ({ kind: 'wechat', in_use: true, texts: [], used: 0, limit: 0, left: 0, cut: false, ...more })

describe('samples', () => {
  it.each<[string, object[]]>([
    ['plain', [{ text: 'plain' }]],
    ['see <a href="https://a.example/x">this</a>!', [{ text: 'see ' }, { text: 'this', href: 'https://a.example/x' }, { text: '!' }]],
    ['<a href="javascript:alert(1)">x</a>', [{ text: '<a href="javascript:alert(1)">x</a>' }]],
    ['<b>x</b>', [{ text: '<b>x</b>' }]],
    ['', []],
  ])('runs of %s', (text, want) => expect(pieces(text)).toEqual(want))

  it('count what the channel counts', () => {
    expect(measure(sample({ unit: 'bytes', texts: ['a', 'b'], used: 2100, limit: 2000 }))).toEqual({ key: 'sample.bytes', values: { n: 2, used: 2100, limit: 2000 } })
    expect(measure(sample({ unit: 'parts', used: 2, encoding: 'UCS-2', left: 7 }))).toEqual({ key: 'sample.parts', values: { n: 2, encoding: 'UCS-2', left: 7 } })
    expect(measure(sample({ html: '<p>x</p>' }))).toBeNull()
    expect([lookOf(sample({ kind: 'email', html: 'x' })), lookOf(sample({ kind: 'webchat', html: 'x' })), lookOf(sample({}))]).toEqual(['letter', 'chat', 'chat'])
  })

  it('are of the answer that the channel gets', () => {
    const form = emptyForm()
    form.languages.zh.answer = '通用'
    form.variants = [{ channel: 'sms', tier: 'vip', answers: { zh: '贵宾', en: '' } }, { channel: 'sms', tier: '', answers: { zh: '短', en: '' } }]
    expect([answerOn(form, 'sms', 'zh'), answerOn(form, 'sms', 'en'), answerOn(form, 'email', 'zh')]).toEqual([{ text: '短', own: true }, { text: '', own: false }, { text: '通用', own: false }])
  })
})

describe('findings', () => {
  const f = (kind: ArticleFinding['kind'], text = ''): ArticleFinding => ({ kind, text })
  it('show first what customers would notice, each once', () => {
    expect(sorted([f('no_phrasings'), f('conflict'), f('near_question'), f('conflict')]).map((one) => one.kind)).toEqual(['conflict', 'no_phrasings', 'near_question'])
    expect([serious(f('dead_link')), serious(f('missing_language'))]).toEqual([true, false])
  })

  it('keep another article’s wording out', () => {
    expect(added(['a'], ['b', 'a', 'c'])).toEqual(['b', 'c'])
    expect(refused([f('same_question', 'b'), f('conflict', 'c'), f('near_question', 'c'), f('same_question', 'old')], ['b', 'c']).map((one) => one.text)).toEqual(['b', 'c'])
  })
})

describe('files and variables', () => {
  it.each([
    [{ url: '/files/K/a.png', name: 'a [1].png', picture: true }, '![a  1](/files/K/a.png)'],
    [{ url: '/files/K/b.pdf', name: 'b*.pdf', picture: false }, '[b .pdf](/files/K/b.pdf)'],
  ])('are written as Markdown', (file, want) => expect(written(file)).toBe(want))

  it('come from a paste that has some', () => {
    expect(filesOf(null)).toEqual([])
  })

  it('stand between double braces', () => {
    expect(variables.map(variableText)[0]).toBe('{{customer.name}}')
    expect(example('you')).toBe('{{customer.name|you}}')
  })
})

describe('kept text', () => {
  const at = (n: number) => ({ form: emptyForm(), version: 1, at: n })
  it('is what was typed last', () => {
    expect([newest(at(1), at(2))?.at, newest(at(3), at(2))?.at, newest(null, at(2))?.at, newest(null, null)]).toEqual([2, 3, 2, null])
  })
})

describe('form', () => {
  it('carries notes and related articles there and back', () => {
    const article = { key: '', category: '', tags: [], languages: {}, notes: 'n', related: [{ id: 7, title: 'T', gone: true }] }
    expect(inputOf(formOf(article))).toMatchObject({ notes: 'n', related: [7] })
    expect(formOf({ ...article, related: [8] }).related).toEqual([{ id: 8, title: '#8', gone: false }])
  })
})

describe('categories', () => {
  const all = ['a', 'a/x', 'a/y', 'b', 'c'].map((path) => ({ path, articles: 1, names: path === 'a' ? { zh: '甲' } : path === 'a/x' ? { zh: '子', en: 'Sub' } : {} as Record<string, string> }))
  const roots = buildTree(all, 'zh')

  it('have names in the reader’s language', () => {
    expect(flatten(roots, new Set()).map((one) => one.name)).toEqual(['甲', '子', 'y', 'b', 'c'])
    expect([nameOf(all[0]!, 'en'), wholeName(all, 'a/x', 'en'), wholeName(all, 'new/z', 'zh')]).toEqual(['a', 'a / Sub', 'new / z'])
  })

  it.each<[string, string, Drop, object | null]>([
    ['c', 'b', 'before', { to: 'c', before: 'b' }],
    ['a', 'b', 'after', { to: 'a', before: 'c' }],
    ['c', 'a', 'into', { to: 'a/c', before: '' }],
    ['a/x', 'b', 'after', { to: 'x', before: 'c' }],
    ['b', 'a/y', 'before', { to: 'a/b', before: 'a/y' }],
    ['a', 'a/x', 'into', null],
    ['a/x', 'a', 'into', null],
    ['a', 'a', 'after', null],
  ])('%s dropped on %s, %s', (path, onto, where, want) => expect(landing(roots, path, onto, where)).toEqual(want))

  it('move by the menu as by dragging', () => {
    expect(steps(roots, 'a/y')).toEqual({ up: { to: 'a/y', before: 'a/x' }, down: null, out: { to: 'y', before: 'b' }, into: { to: 'a/x/y', before: '' } })
    expect(steps(roots, 'a')).toEqual({ up: null, down: { to: 'a', before: 'c' }, out: null, into: null })
  })
})
