import { describe, expect, it } from 'vitest'
import { en } from './en'
import { offered, pickLanguage, tagOf, wordsOf } from './words'
import { zh } from './zh'

describe('words', () => {
  it('are the same set in both languages', () => expect(Object.keys(zh)).toEqual(Object.keys(en)))

  it.each(Object.keys(en) as (keyof typeof en)[])('%s is said in both languages', (key) => {
    const say = (word: unknown): unknown => (typeof word === 'function' ? (word as (...args: unknown[]) => unknown)(3, 'x') : word)
    expect(typeof zh[key]).toBe(typeof en[key])
    expect(say(zh[key])).toMatch(/[\u4e00-\u9fff]|：/)
    expect(say(en[key])).not.toMatch(/[\u4e00-\u9fff]/)
    expect(say(en[key])).not.toBe('')
  })

  it('are typed as people type', () => {
    expect([en.queueAhead(1), en.queueAhead(2), zh.queueAhead(2)]).toEqual(['1 person ahead of you', '2 people ahead of you', '您前面还有 2 位'])
  })
})

describe('pickLanguage', () => {
  it.each([
    [undefined, ['zh-CN', 'en'], 'zh'],
    [undefined, ['fr', 'en-GB'], 'en'],
    [undefined, ['fr', 'zh-TW'], 'zh'],
    [undefined, ['fr'], 'en'],
    [undefined, [], 'en'],
    ['zh-CN', ['en'], 'zh'],
    ['en', ['zh-CN'], 'en'],
    ['fr', ['zh-CN'], 'en'],
  ] as const)('asked %s, browser %s: %s', (asked, browser, want) => expect(pickLanguage(asked, browser)).toBe(want))

  it.each([
    ['en', ['zh-CN', 'en'], 'en'],
    ['en', ['zh-CN'], 'zh'],
    ['zh', ['en'], 'en'],
    ['zh', [], 'zh'],
    ['zh', undefined, 'zh'],
  ] as const)('asked %s where %s is offered: %s', (asked, languages, want) => expect(offered(asked, languages)).toBe(want))

  it('has words and a tag for each', () => {
    expect([wordsOf('zh').send, wordsOf('en').send, tagOf('zh'), tagOf('en')]).toEqual(['发送', 'Send', 'zh-CN', 'en'])
  })
})
