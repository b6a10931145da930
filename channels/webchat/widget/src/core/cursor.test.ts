import { describe, expect, it } from 'vitest'
import { compareCursors, isCursor, laterCursor } from './cursor'

describe('cursor', () => {
  it.each([
    ['1.1', true],
    ['0.0', true],
    ['9223372036854775807.12', true],
    ['', false],
    ['1', false],
    ['1.', false],
    ['.1', false],
    ['01.1', false],
    ['-1.2', false],
    ['1.2.3', false],
    ['1.2 ', false],
    ['99999999999999999999.1', false],
    [12, false],
    [null, false],
  ])('%s is a cursor: %s', (text, want) => expect(isCursor(text)).toBe(want))

  it.each([
    ['1.1', '1.1', 0],
    ['1.2', '1.10', -1],
    ['2.1', '1.99', 1],
    ['9.1', '10.1', -1],
    ['9007199254740993.1', '9007199254740992.1', 1],
  ])('%s against %s', (a, b, want) => expect(Math.sign(compareCursors(a, b))).toBe(want))

  it.each([
    ['', '1.1', '1.1'],
    ['1.1', '', '1.1'],
    ['1.9', '1.10', '1.10'],
    ['3.1', '2.9', '3.1'],
    ['', '', ''],
  ])('later of %s and %s', (a, b, want) => expect(laterCursor(a, b)).toBe(want))
})
