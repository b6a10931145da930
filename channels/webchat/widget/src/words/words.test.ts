import { describe, expect, it } from 'vitest'
import { en } from './en'
import { loadWords, offered, pickLanguage, tagOf, wordsOf } from './words'
import { tw } from './tw'
import { zh } from './zh'

describe('words', () => {
  it('are the same set in all languages', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en))
    expect(Object.keys(tw)).toEqual(Object.keys(en))
  })

  it.each(Object.keys(en) as (keyof typeof en)[])('%s is said in each language', (key) => {
    const say = (word: unknown): unknown => (typeof word === 'function' ? (word as (...args: unknown[]) => unknown)(3, 'x') : word)
    for (const chinese of [zh, tw]) {
      expect(typeof chinese[key]).toBe(typeof en[key])
      expect(say(chinese[key])).toMatch(/[\u4e00-\u9fff]|：/)
    }
    expect(say(tw[key]), 'no simplified characters').not.toMatch(/[开关闭输请问题发发图传为务简体线员这还没对话复时间现话网络结实电邮语录录选择来内满]/)
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
    [undefined, ['fr', 'zh-TW'], 'tw'],
    [undefined, ['zh-Hant-MO'], 'tw'],
    ['zh_HK', ['en'], 'tw'],
    ['zh-Hans-TW', ['en'], 'zh'],
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
    ['tw', ['zh-CN', 'en'], 'tw'],
    ['zh', ['zh-TW'], 'zh'],
    ['tw', ['en'], 'en'],
    ['en', ['zh-TW'], 'tw'],
  ] as const)('asked %s where %s is offered: %s', (asked, languages, want) => expect(offered(asked, languages)).toBe(want))

  it('has words and a tag for each, once they are loaded', async () => {
    expect([await loadWords('zh'), wordsOf('en').send]).toEqual([true, '发送'])
    await Promise.all([loadWords('tw'), loadWords('en')])
    expect(await loadWords('en')).toBe(false)
    const all = ['zh', 'tw', 'en'] as const
    expect(all.map((l) => [wordsOf(l).send, tagOf(l)])).toEqual([['发送', 'zh-CN'], ['傳送', 'zh-TW'], ['Send', 'en']])
  })
})
