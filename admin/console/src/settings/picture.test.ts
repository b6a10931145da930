import { describe, expect, it } from 'vitest'
import { middle } from './picture'

describe('a picture', () => {
  it.each([
    ['wide', 300, 100, { x: 100, y: 0, side: 100 }],
    ['tall', 100, 300, { x: 0, y: 100, side: 100 }],
    ['square', 64, 64, { x: 0, y: 0, side: 64 }],
  ])('that is %s is cut from its middle', (_, width, height, part) => {
    expect(middle(width, height)).toEqual(part)
  })
})
