import { describe, expect, it } from 'vitest'
import { legible, textsOf } from './helpcentre'
import { fitted } from './picture'

describe('the settings of the help centre', () => {
  it.each([
    ['帮助', 'Help', { zh: '帮助', en: 'Help' }],
    [' 帮助 ', ' ', { zh: '帮助' }],
    ['', '', {}],
  ])('send %s and %s as %o', (zh, en, want) => expect(textsOf(zh, en)).toEqual(want))

  it.each([
    [5.2, 5.2, 'helpc.colour.good'],
    [15, 1.2, 'helpc.colour.pale'],
    [3.9, 3.9, 'helpc.colour.bad'],
  ])('call a contrast of %d and %d %s', (on, text, want) => expect(legible(on, text)).toBe(want))

  it.each([
    [960, 192, { width: 480, height: 96 }],
    [100, 40, { width: 100, height: 40 }],
    [4000, 10, { width: 480, height: 1 }],
  ])('fit a logo of %d × %d', (width, height, want) => expect(fitted(width, height)).toEqual(want))
})
