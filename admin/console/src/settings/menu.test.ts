import { describe, expect, it } from 'vitest'
import { blank, moved, problemOf, publishable, toEntries, toItems, width, type Entry } from './menu'
import { fromLines, fromPairs, toLines, toPairs } from './lines'

const entry = (more: Partial<Entry>): Entry => ({ ...blank(), label: '帮助', ...more })
const menu = [
  { label: '帮助', items: [{ label: '退货', ask: '怎么退货' }, { label: '官网', url: 'https://x.cn' }] },
  { label: '商城', app_id: 'wx1', app_page: 'pages/a', url: 'https://x.cn/old' },
]

describe('a menu', () => {
  it('comes back from being edited as it was', () => {
    expect(JSON.parse(JSON.stringify(toItems(toEntries(menu))))).toEqual(menu)
    expect(toEntries(menu).map((one) => one.does)).toEqual(['items', 'app'])
  })

  it('sends of an entry only what it does', () => {
    const tried = entry({ ask: 'a', url: 'https://x.cn', app: 'wx1', page: 'p', items: [entry({})] })
    expect((['ask', 'url', 'app', 'items'] as const).map((does) => Object.keys(JSON.parse(JSON.stringify(toItems([{ ...tried, does }])[0])) as object)))
      .toEqual([['label', 'ask'], ['label', 'url'], ['label', 'app_id', 'app_page', 'url'], ['label', 'items']])
  })

  it.each<[string, Partial<Entry>, boolean, string]>([
    ['no label', { label: ' ', ask: 'x' }, true, 'menu.problem.label'],
    ['five characters at the top', { label: '联系客服吧', ask: 'x' }, true, 'menu.problem.long'],
    ['five characters below', { label: '联系客服吧', ask: 'x' }, false, ''],
    ['nine letters at the top', { label: 'ninechars', ask: 'x' }, true, 'menu.problem.long'],
    ['no question', { ask: ' ' }, true, 'menu.problem.ask'],
    ['no address', { does: 'url', url: 'x.cn' }, true, 'menu.problem.url'],
    ['an address', { does: 'url', url: ' https://x.cn/a ' }, true, ''],
    ['half a Mini Program', { does: 'app', app: 'wx1' }, true, 'menu.problem.app'],
    ['nothing below', { does: 'items' }, true, 'menu.problem.items'],
  ])('%s', (_name, more, top, want) => {
    expect(problemOf(entry(more), top)).toBe(want)
  })

  it('is published when every entry is whole, also those below', () => {
    expect(publishable(toEntries(menu))).toBe(true)
    expect(publishable([])).toBe(true)
    expect(publishable([entry({ does: 'items', items: [entry({ ask: '' })] })])).toBe(false)
    expect(publishable([entry({ does: 'url', url: 'https://x.cn', items: [entry({ ask: '' })] })])).toBe(true)
  })

  it('moves its entries', () => {
    expect(moved([1, 2, 3], 0, 1)).toEqual([2, 1, 3])
    expect(moved([1, 2, 3], 2, -1)).toEqual([1, 3, 2])
    expect(moved([1, 2, 3], 0, -1)).toEqual([1, 2, 3])
    expect(moved([1, 2, 3], 2, 1)).toEqual([1, 2, 3])
  })

  it('measures labels', () => {
    expect(width('ab')).toBe(2)
    expect(width('你好a')).toBe(5)
  })
})

describe('settings of lines', () => {
  it('have a line to write in', () => {
    expect(toLines('')).toEqual([''])
    expect(toLines('a\n\nb')).toEqual(['a', 'b'])
    expect(fromLines([' a ', '', 'b'])).toBe('a\nb')
  })

  it('of pairs keep what follows the first "="', () => {
    expect(toPairs('hi=您好=？\n地址 = 人民路\\n1 号')).toEqual([{ left: 'hi', right: '您好=？' }, { left: '地址', right: '人民路\n1 号' }])
    expect(toPairs('alone')).toEqual([{ left: 'alone', right: '' }])
    expect(fromPairs([{ left: 'a=b', right: 'c=d\ne' }, { left: '', right: ' ' }])).toBe('a＝b=c=d\\ne')
    expect(fromPairs(toPairs('message=5/48h\nmenu=3/1m'))).toBe('message=5/48h\nmenu=3/1m')
  })
})
