import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Api, Problem } from './api'
import { contrast, inkOn, parseColor, readableOn } from './color'
import { formatDay, formatSize, formatTime, queueLine } from './format'
import { Storage } from './storage'
import { titleHint } from './title'
import { refuse } from './uploads'
import { en } from '../words/en'
import { zh } from '../words/zh'

describe('colours', () => {
  it.each([
    ['#fff', [255, 255, 255]],
    ['#1F6feb', [31, 111, 235]],
    ['red', undefined],
    ['#12', undefined],
    ['#1234567', undefined],
    ['#fff;background:url(x)', undefined],
  ])('%s is %j', (text, want) => expect(parseColor(text)).toEqual(want))

  it.each(['#000000', '#ffffff', '#ffeb3b', '#1f6feb', '#ff0000', '#00ff00', '#777777', '#0a7d4f', '#8a6d3b'])('%s can be written on and read', (text) => {
    const color = parseColor(text) ?? [0, 0, 0]
    expect(contrast(parseColor(inkOn(color)) ?? [0, 0, 0], color)).toBeGreaterThan(4)
    for (const background of [[255, 255, 255], [28, 30, 34]] as const) {
      expect(contrast(parseColor(readableOn(color, background)) ?? [0, 0, 0], background)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

describe('formats', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1536, '1.5 KB'],
    [20 * 1024 * 1024, '20 MB'],
  ])('%i bytes are %s', (bytes, want) => expect(formatSize(bytes)).toBe(want))

  const now = new Date(2026, 10, 21, 9).getTime()
  it.each([
    [new Date(2026, 10, 21, 23), 'Today', '今天'],
    [new Date(2026, 10, 20, 0), 'Yesterday', '昨天'],
    [new Date(2026, 10, 10), 'Tuesday, November 10', '11月10日星期二'],
    [new Date(2025, 0, 2), 'January 2, 2025', '2025年1月2日'],
  ])('%s', (at, english, chinese) => {
    expect(formatDay(at.getTime(), now, 'en', en)).toBe(english)
    expect(formatDay(at.getTime(), now, 'zh-CN', zh)).toBe(chinese)
  })
  it('has 24 hours', () => expect(formatTime(new Date(2026, 0, 1, 0, 5).getTime(), 'en')).toBe('00:05'))

  it.each([
    [3, 0, '您前面还有 2 位', '2 people ahead of you'],
    [2, 61, '您前面还有 1 位 · 大约等 2 分钟', '1 person ahead of you · about 2 minutes'],
    [1, 10, '下一位就是您 · 大约等 1 分钟', 'You are next · about a minute'],
    [0, 0, '正在为您转接人工客服', 'Waiting for a person'],
  ])('place %i, %i s', (position, wait, chinese, english) => {
    expect([queueLine(position, wait, zh), queueLine(position, wait, en)]).toEqual([chinese, english])
  })
})

describe('refuse', () => {
  const config = { maxFileBytes: 100, fileTypes: ['image/png', 'audio/*', '.docx'] } as Parameters<typeof refuse>[1]
  it.each([
    ['a.png', 'image/png', 100, undefined],
    ['a.png', 'image/png', 101, 'large'],
    ['a.mp3', 'audio/mpeg', 1, undefined],
    ['A.DOCX', '', 1, undefined],
    ['a.exe', 'application/x-msdownload', 1, 'type'],
    ['a.svg', 'image/svg+xml', 1, 'type'],
  ])('%s of type %s with %i bytes', (name, type, size, want) => expect(refuse({ name, type, size }, config)).toBe(want))
  it('leaves it to the server before it knows', () => expect(refuse({ name: 'a', type: '', size: 1e9 }, undefined)).toBeUndefined())
})

describe('Storage', () => {
  const kept = (area: globalThis.Storage | undefined) => new Storage('https://hub.example/', '1', area)
  beforeEach(() => localStorage.clear())

  it.each([
    ['kept by the browser', () => localStorage],
    ['kept in memory where there is none', () => undefined],
    ['kept in memory where it is full', () => ({ getItem: () => null, key: () => null, length: 0, removeItem: () => undefined, setItem: () => { throw new Error('full') } }) as unknown as globalThis.Storage],
  ])('is %s', (_, area) => {
    const s = kept(area())
    s.set('a', '1')
    s.set('box:x', 'X')
    s.set('box:y', 'Y')
    s.set('box:y', null)
    expect([s.get('a'), s.get('none'), s.list('box:')]).toEqual(['1', null, ['X']])
  })

  it('tells what other tabs change, of this inbox alone', () => {
    const heard: unknown[] = []
    const stop = kept(localStorage).watch((name, value) => heard.push([name, value]))
    const say = (key: string) => window.dispatchEvent(new StorageEvent('storage', { key, newValue: 'v', storageArea: localStorage }))
    say('huiyin:hub.example/1:read')
    say('huiyin:hub.example/2:read')
    say('theirs')
    stop()
    say('huiyin:hub.example/1:read')
    expect(heard).toEqual([['read', 'v']])
  })
})

describe('titleHint', () => {
  it('counts before the title while nobody looks, and leaves it as it was', () => {
    let visible: DocumentVisibilityState = 'hidden'
    vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visible)
    document.title = 'Shop'
    const show = titleHint(document)
    show(2)
    expect(document.title).toBe('(2) Shop')
    show(120)
    expect(document.title).toBe('(99+) Shop')
    document.title = 'Basket'
    show(3)
    expect(document.title).toBe('(3) Basket')
    visible = 'visible'
    document.dispatchEvent(new Event('visibilitychange'))
    expect(document.title).toBe('Basket')
    vi.restoreAllMocks()
  })
})

describe('Problem', () => {
  it.each([
    [0, true],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [401, false],
    [403, false],
    [413, false],
  ])('%i passes: %s', (status, want) => expect(new Problem(status, '', 0).passing).toBe(want))

  it('has words for people', async () => {
    const answer = async (status: number, body: string, headers = {}) => {
      const api = new Api('https://hub.example/', 'a/b', 'en', async () => new Response(body, { status, headers }))
      return api.newest().catch((e: Problem) => [e.status, e.words, e.after])
    }
    expect(await answer(429, '{"detail":"slow down"}', { 'Retry-After': '3' })).toEqual([429, 'slow down', 3000])
    expect(await answer(502, '<html>')).toEqual([502, '', 0])
    expect(await answer(200, 'null')).toMatchObject({ messages: [], more: false })
    expect(new Api('https://hub.example/', 'a/b', 'en').url('x')).toBe('https://hub.example/chat/a%2Fb/x')
  })
})
