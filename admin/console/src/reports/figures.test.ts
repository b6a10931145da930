import { describe, expect, it } from 'vitest'
import type { ReportFigure } from '../api/types'
import { change, content, countOf, daysFrom, everyDay, p90Of, span, ticks, valueOf } from './figures'

const figures: ReportFigure[] = [
  { kind: 'started', n: 10, total: 10 }, { kind: 'resolved', n: 8, total: 80, median: 10, p90: 30 }, { kind: 'bot_solved', n: 6, total: 6 },
  { kind: 'rated', n: 4, total: 14, median: 4, p90: 5, scores: [1, 0, 0, 2, 1] }, { kind: 'sla_kept', n: 3, total: 1 }, { kind: 'sla_missed', n: 1, total: 1 },
]
const empty = { from: '', to: '', zone: '', behind: false, own: false, days: [], inboxes: [], teams: [], agents: [], hours: [] }

describe('figures', () => {
  it.each([['started', 10], ['bot_share', 0.75], ['resolved', 10], ['rated', 3.5], ['sla', 0.75], ['waited', null], ['handed_off', 0]] as const)('%s is %s', (measure, want) => {
    expect(valueOf(measure, figures)).toBe(want)
  })
  it('tells how many things it is about', () => {
    expect([countOf('sla', figures), countOf('bot_share', figures), countOf('rated', figures)]).toEqual([4, 8, 4])
    expect([p90Of('resolved', figures), p90Of('started', figures), p90Of('waited', figures)]).toEqual([30, null, null])
    expect([content(figures), content([])]).toEqual([0.75, null])
  })
  it('compares with the days before', () => {
    const before: ReportFigure[] = [{ kind: 'started', n: 5, total: 5 }, { kind: 'resolved', n: 4, total: 4, median: 20 }, { kind: 'bot_solved', n: 2, total: 2 }]
    const report = { ...empty, all: figures, before }
    expect([change('started', report), change('resolved', report), change('bot_share', report), change('rated', report)]).toEqual([1, -0.5, 0.25, null])
  })
  it.each([[0, '0 s'], [45_000, '45 s'], [180_000, '3 min'], [185_000, '3 min 5 s'], [7_500_000, '2 h 5 min'], [86_400_000 * 3 + 3_600_000 * 4, '3 d 4 h']])('writes %d ms', (ms, want) => {
    expect(span(ms, { d: 'd', h: 'h', min: 'min', s: 's' })).toBe(want)
  })
  it('fills the days on which nothing happened', () => {
    const days = everyDay({ from: '2026-02-27', to: '2026-03-02', days: [{ day: '2026-03-01', figures }] })
    expect(days.map((one) => `${one.day}:${one.figures.length}`)).toEqual(['2026-02-27:0', '2026-02-28:0', '2026-03-01:6', '2026-03-02:0'])
    expect(daysFrom('2026-03-01', 1)).toBe('2026-02-28')
  })
  it.each([[0, [0, 1]], [4, [0, 1, 2, 3, 4]], [9, [0, 5, 10]], [130, [0, 50, 100, 150]], [0.8, [0, 0.2, 0.4, 0.6, 0.8]]])('puts lines up to %d', (greatest, want) => {
    expect(ticks(greatest)).toEqual(want)
  })
})
