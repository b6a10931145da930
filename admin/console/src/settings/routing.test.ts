import { describe, expect, it } from 'vitest'
import { mapOf, pairsOf, wordsOf } from './routing'

describe('named numbers', () => {
  it('go into a form in one order and come back as they were', () => {
    const map = { vip: 60, gold: 30, a: -5 }
    expect(pairsOf(map).map((one) => one.name)).toEqual(['a', 'gold', 'vip'])
    expect(mapOf(pairsOf(map))).toEqual(map)
    expect(pairsOf(undefined)).toEqual([])
  })
  it('leave out what has no name, and take nonsense for nothing', () => {
    expect(mapOf([{ name: ' ', value: 3 }, { name: ' vip ', value: Number.NaN }])).toEqual({ vip: 0 })
  })
})

describe('words divided by commas', () => {
  it.each([['vip, gold', ['vip', 'gold']], ['vip，金卡、银卡', ['vip', '金卡', '银卡']], ['', []], [' , ', []]])('%s', (text, want) => {
    expect(wordsOf(text)).toEqual(want)
  })
})
