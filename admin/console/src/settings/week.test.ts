import { describe, expect, it } from 'vitest'
import { dateText, monthsOf, nextSpan, weekOf, weekText } from './week'

describe('the text of a week', () => {
  it('comes back from the spans of the server', () => {
    const week = weekOf([['08:30-12:00', '13:30-18:00'], [], [], [], [], ['22:00-02:00'], []])
    expect(week[0]).toEqual([{ from: '08:30', to: '12:00' }, { from: '13:30', to: '18:00' }])
    expect(weekText(week)).toBe('mon 08:30-12:00 13:30-18:00\nsat 22:00-02:00')
  })
  it('has no line for a day without spans, and leaves empty ones out', () => {
    expect(weekText(weekOf([]))).toBe('')
    expect(weekText([[{ from: '', to: '' }, { from: '9:00 ', to: '12:00' }]])).toBe('mon 9:00-12:00')
  })
  it('offers the afternoon after a morning', () => {
    expect(nextSpan([]).from).toBe('08:30')
    expect(nextSpan([{ from: '08:30', to: '12:00' }]).from).toBe('13:30')
  })
})

describe('the months of a year', () => {
  it('begin on their weekday', () => {
    const months = monthsOf(2026)
    expect(months[0]?.slice(0, 4)).toEqual([0, 0, 0, 1]) // 1 January 2026 is a Thursday
    expect(months[1]?.at(-1)).toBe(28)
    expect(monthsOf(2028)[1]?.at(-1)).toBe(29)
  })
  it('name their days', () => { expect(dateText(2026, 8, 5)).toBe('2026-09-05') })
})
