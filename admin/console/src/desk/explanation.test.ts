import { describe, expect, it } from 'vitest'
import type { Explanation } from '../api/types'
import { readExplanation } from './explanation'

describe('an explanation', () => {
  it('tells how a follow-up was read', () => {
    const e = readExplanation({ context: { rule: 'a correction', said: '不对', before: '怎么移机', part: 2, parts: 3 }, other_language: 'zh' } as unknown as Explanation)
    expect([e.context, e.other]).toEqual([{ rule: 'a correction', said: '不对', before: '怎么移机', read: '', part: 2, parts: 3 }, 'zh'])
    expect(readExplanation({} as Explanation).context).toBeNull()
  })

  it('shows the measures that counted most, either way, and not the constant', () => {
    const why = [{ name: 'small', value: 1, confidence: 0.01 }, { name: 'constant', value: 1, confidence: -3 }, { name: 'exact', value: 1, confidence: 2 }, { name: 'numbers_differ', value: 1, confidence: -3 }]
    const [hit] = readExplanation({ hits: [{ article: 1, why }] } as unknown as Explanation).hits
    expect(hit?.why.map((one) => [one.name, one.counts])).toEqual([['numbers_differ', -3], ['exact', 2]])
  })
})
