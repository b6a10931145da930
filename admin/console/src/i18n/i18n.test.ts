import { describe, expect, it } from 'vitest'
import { fill, language, phrases, setLanguage, t, tryT, type Phrase } from '.'

const keys = Object.keys(phrases) as Phrase[]
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort()

describe('phrases', () => {
  it('are written in both languages', () => {
    expect(keys.filter((key) => phrases[key].some((text) => text.trim() === ''))).toEqual([])
  })

  it('take the same values in both languages', () => {
    expect(keys.filter((key) => placeholders(phrases[key][0]).join() !== placeholders(phrases[key][1]).join())).toEqual([])
  })

  it('says every Chinese phrase in Chinese, but for names', () => {
    const latin = keys.filter((key) => !/\p{Script=Han}/u.test(phrases[key][0]))
    expect(latin).toEqual([])
  })

  it('says no English phrase in Chinese', () => {
    expect(keys.filter((key) => /\p{Script=Han}/u.test(phrases[key][1]))).toEqual([])
  })

  it('has each key in one place only', () => {
    const parts = Object.values(import.meta.glob<Record<string, unknown>>(['./*.ts', '!./index.ts', '!./*.test.ts'], { eager: true }))
    const all = parts.flatMap((part) => Object.values(part)).filter((value) => typeof value === 'object' && value !== null).flatMap((value) => Object.keys(value as object))
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([])
  })
})

describe('fill', () => {
  it.each([
    ['{n} min', { n: 5 }, '5 min'],
    ['one day|{n} days', { n: 1 }, 'one day'],
    ['one day|{n} days', { n: 0 }, '0 days'],
    ['one day|{n} days', { n: 3 }, '3 days'],
    ['by {name}', {}, 'by {name}'],
    ['{a}{a} {b}', { a: 'x', b: '{a}' }, 'xx {a}'],
  ])('%s', (text, values, want) => {
    expect(fill(text, values as Record<string, string | number>)).toBe(want)
  })
})

describe('language', () => {
  it('changes at once, and is kept', () => {
    setLanguage('zh')
    expect([t('view.mine'), document.documentElement.lang]).toEqual(['我的', 'zh-CN'])
    setLanguage('en')
    expect([t('view.mine'), language.value, localStorage.getItem('huiyin.language'), document.documentElement.lang]).toEqual(['Mine', 'en', 'en', 'en'])
  })

  it('shows the server’s own word where there is no phrase', () => {
    expect([tryT('activity.claimed', 'x', { by: 'Ann' }), tryT('activity.unheard_of', 'unheard of')]).toEqual(['Ann claimed the conversation', 'unheard of'])
  })
})
