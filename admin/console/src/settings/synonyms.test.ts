import { describe, expect, it } from 'vitest'
import { groupsOf, linesOf } from './synonyms'

describe('the list of synonyms', () => {
  it.each([
    ['two lines', '大王卡, super SIM\n开票，发票、票据', [['大王卡', 'super SIM'], ['开票', '发票', '票据']]],
    ['empty lines and lonely words are left out', '\n\nalone\na, ,b\n', [['a', 'b']]],
    ['nothing', '', []],
  ])('%s', (_, text, groups) => expect(groupsOf(text)).toEqual(groups))

  it('comes back as it was written', () => {
    const groups = [['a', 'b'], ['c d', 'e']]
    expect(groupsOf(linesOf(groups))).toEqual(groups)
  })
})
