import { describe, expect, it } from 'vitest'
import { matchesPage, speaks, wanted, type Visit } from './rules'

describe('matchesPage', () => {
  it.each([
    ['no pattern is every page', undefined, '/x', true],
    ['an empty list too', [], '/x', true],
    ['the page itself', ['/buy'], '/buy', true],
    ['with what was asked along', ['/buy'], '/buy?utm=1#top', true],
    ['not one that only begins so', ['/buy'], '/buyer', false],
    ['a star at the end', ['/buy*'], '/buy/phones?color=red', true],
    ['a star inside', ['/*/pricing'], '/en/pricing', true],
    ['a star must fit what follows', ['/*/pricing'], '/en/prices', false],
    ['a star may be nothing', ['/a*b'], '/ab', true],
    ['a query', ['*plan=pro*'], '/x?plan=pro&y', true],
    ['any of several', ['/a', ' /b '], '/b', true],
    ['an empty line fits nothing', [''], '/', false],
    ['other signs are themselves', ['/a.b'], '/axb', false],
    ['only stars', ['**'], '/anything', true],
  ] as const)('%s', (_, patterns, page, want) => expect(matchesPage(patterns, page)).toBe(want))

  it('takes no time for a pattern made to take long', () => {
    expect(matchesPage(['*a'.repeat(50) + 'b'], `/${'a'.repeat(5000)}`)).toBe(false)
  })
})

describe('speaks', () => {
  it.each([
    ['zh-CN', 'zh', true],
    ['zh', 'zh-CN', true],
    ['zh-HK', 'zh-TW', true],
    ['zh', 'zh-TW', false],
    ['zh-CN', 'zh-TW', false],
    ['en-GB', 'en', true],
    ['en_US', 'en-US', true],
    ['fr', 'en', false],
  ])('who reads %s reads %s: %s', (lang, wants, want) => expect(speaks(lang, wants)).toBe(want))
})

describe('wanted', () => {
  const visit: Visit = { page: '/buy', lang: 'en-GB', returning: false, stayed: 5000 }
  it.each([
    ['a greeting without rule', {}, {}, true],
    ['before its time', { delay_seconds: 6 }, {}, false],
    ['at its time', { delay_seconds: 5 }, {}, true],
    ['for new ones', { visitors: 'new' as const }, {}, true],
    ['for new ones, to one who returns', { visitors: 'new' as const }, { returning: true }, false],
    ['for who returns, to a new one', { visitors: 'returning' as const }, {}, false],
    ['for all', { visitors: 'all' as const }, { returning: true }, true],
    ['in another language', { language: 'zh-CN' }, {}, false],
    ['in the same', { language: 'en' }, {}, true],
    ['elsewhere', { pages: ['/help*'] }, {}, false],
  ])('%s', (_, rule, more, want) => expect(wanted({ text: 'Hello', ...rule }, { ...visit, ...more })).toBe(want))
})
