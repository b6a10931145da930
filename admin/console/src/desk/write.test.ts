import { describe, expect, it } from 'vitest'
import { emoji, findEmoji } from './emoji'
import { initials } from './pinyin'

describe('initials', () => {
  it.each([['退款', 'tk'], ['您好', 'nh'], ['宽带 OK', 'kdok'], ['发票', 'fp'], ['', ''], ['a-b', 'ab']])('%s', (text, want) => expect(initials(text)).toBe(want))
})

describe('emoji', () => {
  it('are found in both languages', () => {
    expect(findEmoji('谢谢')).toEqual(['🙏'])
    expect(findEmoji('Thumbs up')).toEqual(['👍'])
    expect(findEmoji('nothing like it')).toEqual([])
    expect(findEmoji('')).toHaveLength(emoji.length)
  })
  it('have words in both languages', () => expect(emoji.filter(([, names]) => !/[a-z]/.test(names) || !/\p{Script=Han}/u.test(names))).toEqual([]))
})
