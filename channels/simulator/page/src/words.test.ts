import { expect, test } from 'vitest'
import { en } from './en'
import { left, clock, pause } from './time'
import { pickLanguage } from './words'
import { zh } from './zh'

function shape(value: unknown, path = ''): string[] {
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, below]) => shape(below, `${path}.${key}`))
  return [`${path}:${typeof value}`]
}

test('both languages have the same words', () => {
  expect(shape(en)).toEqual(shape(zh))
})

test('no word is empty', () => {
  for (const words of [zh, en]) for (const entry of JSON.stringify(words).match(/""/g) ?? []) expect(entry).toBe('never')
})

test('the address names the language, then the browser', () => {
  expect(pickLanguage('?lang=en', ['zh-CN'])).toBe('en')
  expect(pickLanguage('?lang=fr', ['de', 'zh-TW'])).toBe('zh')
  expect(pickLanguage('', ['de'])).toBe('en')
})

test('what is left is told in the two largest units', () => {
  expect(left(48 * 3600 - 1, zh)).toBe('剩 47 小时 59 分')
  expect(left(61, en)).toBe('1 min 1 s left')
  expect(left(-5, en)).toBe('0 s left')
})

test('the time stands above a line after five minutes', () => {
  expect(pause(undefined, '2026-07-18T10:00:00Z')).toBe(true)
  expect(pause('2026-07-18T10:00:00Z', '2026-07-18T10:04:59Z')).toBe(false)
  expect(pause('2026-07-18T10:00:00Z', '2026-07-18T10:05:01Z')).toBe(true)
  expect(clock(new Date(2026, 6, 18, 9, 5))).toBe('09:05')
})
