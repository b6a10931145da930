import { describe, expect, it } from 'vitest'
import { moved, timeWords } from './sla'

describe('the order of a list', () => {
  it('changes by one place', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  })
})

describe('minutes', () => {
  const words = (key: string, values: { n: number }) => `${values.n} ${key === 'time.hours' ? 'h' : 'min'}`
  it.each([[0, '0 min'], [45, '45 min'], [60, '1 h'], [90, '1 h 30 min'], [2880, '48 h']])('%i', (minutes, want) => { expect(timeWords(minutes, words)).toBe(want) })
})
