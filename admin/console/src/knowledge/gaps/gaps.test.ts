import { describe, expect, it } from 'vitest'
import { bars, effectOf, qualityChange, qualityOf, reasons, shownQuality, spread, weekOf, weightOf } from './gaps'

const counts = (over = {}) => ({ answered: 0, right: 0, wrong: 0, clarified: 0, asked: 0, handed_off: 0, ...over })

describe('groups of questions', () => {
  it('draws a trend against its highest week', () => {
    expect(bars([0, 2, 4])).toEqual([0, 0.5, 1])
    expect(bars([0, 0])).toEqual([0, 0])
  })
  it('names the reasons, the commonest first', () => {
    expect(reasons({ why: { unanswered: 1, unclear: 0, unhelpful: 3, marked: 0 } })).toEqual([{ why: 'unhelpful', n: 3 }, { why: 'unanswered', n: 1 }])
  })
  it('writes weights short', () => {
    expect([weightOf(0.25), weightOf(9.96), weightOf(41.4)]).toEqual(['0.3', '10', '41'])
  })
})

describe('quality', () => {
  it('takes shares of what was judged', () => {
    expect(qualityOf('share', counts({ answered: 9, right: 3, wrong: 1 }))).toBe(0.75)
    expect(qualityOf('share', counts({ answered: 9 }))).toBeNull()
    expect(shownQuality('share', null)).toBe('—')
    expect(shownQuality('share', 0.75)).toBe('75%')
    expect(shownQuality('asked', 3)).toBe('3')
  })
  it('compares in points or per cent', () => {
    expect(qualityChange('share', counts({ right: 3, wrong: 1 }), counts({ right: 1, wrong: 1 }))).toBe(25)
    expect(qualityChange('asked', counts({ asked: 3 }), counts({ asked: 2 }))).toBe(50)
    expect(qualityChange('asked', counts({ asked: 3 }), counts())).toBeNull()
  })
  it('says nothing of an effect when too few were judged', () => {
    const effect = { article_id: 1, title: 'a', day: '2026-11-22', days: 14, before: counts({ right: 5, wrong: 5 }), after: counts({ right: 9, wrong: 1 }), enough: true }
    expect(effectOf(effect)).toBe(40)
    expect(effectOf({ ...effect, enough: false })).toBeNull()
  })
  it('fills in the days and weeks without anything', () => {
    expect(weekOf('2026-11-22')).toBe('2026-11-16')
    expect(spread([{ day: '2026-11-17', counts: counts({ asked: 2 }) }], '2026-11-16', '2026-11-18', 'day').map((one) => one.counts.asked)).toEqual([0, 2, 0])
    expect(spread([{ day: '2026-11-17', counts: counts({ asked: 2 }) }, { day: '2026-11-18', counts: counts({ asked: 1 }) }], '2026-11-15', '2026-11-23', 'week').map((one) => [one.label, one.counts.asked])).toEqual([['2026-11-09', 0], ['2026-11-16', 3], ['2026-11-23', 0]])
  })
})
