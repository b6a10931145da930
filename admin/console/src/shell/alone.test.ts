import { beforeEach, describe, expect, it } from 'vitest'
import { isQuiet, someoneLooks, speaker } from './alone'

describe('attention', () => {
  beforeEach(() => localStorage.clear())
  it.each([
    ['23:30', '22:00', '07:00', true], ['06:59', '22:00', '07:00', true], ['07:00', '22:00', '07:00', false], ['13:00', '12:00', '14:00', true],
    ['14:00', '12:00', '14:00', false], ['03:00', undefined, '07:00', false], ['12:00', '12:00', '12:00', false],
  ])('%s within %s to %s: %s', (at, from, to, want) => {
    const [h, m] = at.split(':').map(Number)
    expect(isQuiet(new Date(2026, 10, 22, h, m), from, to)).toBe(want)
  })
  it('knows whether somebody has just looked', () => {
    expect(someoneLooks()).toBe(false)
    localStorage.setItem('huiyin.seen', '1000')
    expect([someoneLooks(3000), someoneLooks(6000)]).toEqual([true, false])
  })
  it('lets the only tab speak where there are no locks', () => {
    expect(typeof speaker()()).toBe('boolean')
  })
})
