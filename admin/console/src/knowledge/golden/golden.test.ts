import { describe, expect, it } from 'vitest'
import type { Decided, Job } from '../../api/types'
import { setLanguage } from '../../i18n'
import { isUnderWay, shareOf } from './job'
import { inWords, percent, toneOf } from './words'

const job = (over: Partial<Job>): Job => ({ id: 1, kind: 'replay', state: 'running', stage: 'asking', done: 0, total: 0, attempts: 1, red: false, created_at: '2026-11-22T00:00:00Z', ...over })
const decided = (over: Partial<Decided>): Decided => ({ act: 'ask', confidence: 0, rule: 'r', offers: [], ...over })

describe('a job', () => {
  it('goes on until it has ended, however', () => {
    expect(isUnderWay(null)).toBe(false)
    for (const state of ['waiting', 'running'] as const) expect(isUnderWay(job({ state }))).toBe(true)
    for (const state of ['done', 'cancelled', 'failed'] as const) expect(isUnderWay(job({ state }))).toBe(false)
  })
  it('tells its share, before the total is known too', () => {
    expect(shareOf(null)).toBe(0)
    expect(shareOf(job({}))).toBe(0)
    expect(shareOf(job({ done: 25, total: 100 }))).toBe(0.25)
    expect(shareOf(job({ done: 120, total: 100 }))).toBe(1)
  })
})

describe('what the bot did, in one line', () => {
  it('names article, version and confidence', () => {
    setLanguage('en')
    expect(inWords(decided({ act: 'answer', title: 'Invoices', revision: 3, confidence: 0.968 }))).toBe('Answered: Invoices v3 (97%)')
  })
  it('names what was offered, or what was likeliest', () => {
    const offers = [{ article_id: 1, title: 'One', confidence: 0.5 }, { article_id: 2, title: 'Two', confidence: 0.2 }]
    expect(inWords(decided({ act: 'clarify', offers, confidence: 0.5 }))).toContain('One / Two (50%)')
    expect(inWords(decided({ offers: offers.slice(0, 1) }))).toContain('likeliest: One (50%)')
    expect(inWords(decided({ act: 'handoff' }))).toBe('Handed to a person')
    expect(percent(0.005)).toBe(1)
  })
  it('has a colour for what is grave', () => {
    expect([toneOf.broken, toneOf.lost, toneOf.gained, toneOf.wrong, toneOf.right]).toEqual(['bad', 'bad', 'good', 'bad', 'good'])
  })
})
