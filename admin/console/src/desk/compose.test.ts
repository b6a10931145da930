import { beforeEach, describe, expect, it } from 'vitest'
import type { CannedReply } from '../api/types'
import { fillVariables, filterCanned, findTrigger, missingVariables, replaceTrigger, stillNamed } from './compose'
import { Drafts } from './drafts'

describe('findTrigger', () => {
  it.each<[string, string, string | null]>([
    ['at the start', '/', 'canned '],
    ['a word of it', '/hel', 'canned hel'],
    ['after a space', 'Hi /b', 'canned b'],
    ['after a line', 'Hi\n/b', 'canned b'],
    ['not inside a word', 'and/or', null],
    ['not in an address', 'https://a', null],
    ['not after the word ended', '/hi there', null],
    ['Chinese', '/问', 'canned 问'],
    ['an article', '#', 'article '],
    ['an article of many words', 'see #how do i', 'article how do i'],
    ['not after a line', '#a\nb', null],
    ['not a number of a conversation', '#12 is', null],
    ['nothing', 'hello', null],
  ])('%s', (_name, text, want) => {
    const found = findTrigger(text, text.length)
    expect(found && `${found.kind} ${found.query}`).toBe(want)
  })

  it('looks at the caret, not at the end', () => {
    expect(findTrigger('/hi and more', 3)).toMatchObject({ kind: 'canned', query: 'hi', from: 0 })
  })

  it('is replaced by what was chosen', () => {
    const text = 'Dear /hi, bye'
    const trigger = findTrigger(text, 8)!
    expect(replaceTrigger(text, trigger, 8, 'Hello!')).toEqual({ text: 'Dear Hello!, bye', caret: 11 })
  })
})

describe('fillVariables', () => {
  it.each([
    ['Hi {{contact.name}}', 'Hi Ann'],
    ['{{ contact.name }} / {{agent.name}}', 'Ann / Bob'],
    ['{{unknown}}!', '!'],
    ['{{ unknown | you }}!', 'you!'],
    ['{{contact.name|you}}', 'Ann'],
    ['{{客户 名称}}{{}}', ''],
    ['no variables { here }', 'no variables { here }'],
    ['{{contact.name', '{{contact.name'],
  ])('%s', (text, want) => {
    expect(fillVariables(text, { 'contact.name': 'Ann', 'agent.name': 'Bob' })).toBe(want)
  })

  it('does not fill what a customer is called', () => {
    expect(fillVariables('{{contact.name}}', { 'contact.name': '{{agent.name}}', 'agent.name': 'Bob' })).toBe('{{agent.name}}')
  })
})

describe('filterCanned', () => {
  const reply = (id: number, shortcut: string, title: string, text: string, language = ''): CannedReply => ({ id, shortcut, title, text, language, audience: 'all', editable: true, uses: 0, actions: [] })
  const all = [reply(1, 'hi', '问候', '您好', 'zh'), reply(2, 'hello', 'Greeting', 'Hello', 'en'), reply(3, '/bye', 'Goodbye', 'See you, hi'), reply(4, 'sorry', 'Apology', 'We are sorry', 'en')]
  it.each([
    ['everything, own language first', '', 'zh', [3, 1, 2, 4]],
    ['by shortcut, then by text', 'h', 'en', [2, 3, 1]],
    ['a slash in the shortcut does not count', 'by', 'en', [3]],
    ['by title', 'apol', 'en', [4]],
    ['nothing', 'zzz', 'en', []],
  ] as const)('%s', (_name, query, language, want) => {
    expect(filterCanned(all, query, language).map((one) => one.id)).toEqual(want)
  })
})

describe('what a text names', () => {
  it('asks for the variables without a value, each once', () => {
    expect(missingVariables('{{a}} {{ b.c }} {{a}} {{d}}', { d: 'x', 'b.c': ' ' })).toEqual(['a', 'b.c'])
  })

  it('knows mentions in notes only', () => {
    expect(findTrigger('请看，@李', 5, true)).toMatchObject({ kind: 'mention', query: '李', from: 3 })
    expect(findTrigger('mail a@b', 8, true)).toBeNull()
    expect(findTrigger('@ann', 4)).toBeNull()
    expect(stillNamed('hi @Ann', [{ name: 'Ann' }, { name: 'Bob' }])).toEqual([{ name: 'Ann' }])
  })

  it('offers what is used most first, and finds Chinese by initials', () => {
    const one = (id: number, title: string, uses: number): CannedReply => ({ id, shortcut: `s${id}`, title, text: '', language: '', audience: 'all', editable: true, uses, actions: [] })
    expect(filterCanned([one(1, '退款', 0), one(2, '退款说明', 5)], 'tk', 'zh').map((r) => r.id)).toEqual([2, 1])
  })
})

describe('Drafts', () => {
  let now = 0
  const drafts = () => new Drafts(localStorage, () => now)
  beforeEach(() => { localStorage.clear(); now = 1_000 })

  it('are kept per conversation and kind', () => {
    drafts().save(1, 'reply', 'hello', 9)
    drafts().save(1, 'note', 'secret')
    expect(drafts().load(1, 'reply')).toEqual({ text: 'hello', articleId: 9, at: 1_000 })
    expect(drafts().load(1, 'note').text).toBe('secret')
    expect([drafts().load(2, 'reply').text, drafts().has(1), drafts().has(2)]).toEqual(['', true, false])
  })

  it('go when they are sent or emptied', () => {
    drafts().save(1, 'reply', 'hello')
    drafts().save(1, 'reply', '  ')
    expect([drafts().has(1), localStorage.length]).toEqual([false, 0])
  })

  it('are nothing when the storage holds something else', () => {
    localStorage.setItem('huiyin.draft.1.reply', 'not json')
    localStorage.setItem('huiyin.draft.2.reply', '{"text":5}')
    expect([drafts().load(1, 'reply').text, drafts().load(2, 'reply').text]).toEqual(['', ''])
  })

  it('are swept after a month, and nothing else is', () => {
    drafts().save(1, 'reply', 'old')
    now = 29 * 86_400_000
    drafts().save(2, 'reply', 'new')
    localStorage.setItem('huiyin.theme', 'dark')
    now = 31 * 86_400_000
    drafts().sweep()
    expect([drafts().has(1), drafts().has(2), localStorage.getItem('huiyin.theme')]).toEqual([false, true, 'dark'])
  })

  it('cost nothing when the storage is full', () => {
    const full = { ...localStorage, getItem: () => null, removeItem: () => undefined, setItem: () => { throw new DOMException('full') } } as unknown as Storage
    expect(() => new Drafts(full, () => now).save(1, 'reply', 'x')).not.toThrow()
  })
})
