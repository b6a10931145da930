import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { api } from '../api/client'
import { setLanguage, t } from '../i18n'
import { money, previewText, usePreview } from './preview'

vi.mock('../api/client', () => ({ api: { post: vi.fn() }, configureClient: vi.fn() }))
const post = vi.mocked(api.post)

beforeEach(() => { vi.useFakeTimers(); post.mockReset() })
afterEach(() => { vi.useRealTimers(); setLanguage('en') })

describe('what a reply becomes', () => {
  it.each([
    ['zh' as const, '2 条 · UCS-2 · 还可写 31 字 · ¥0.10 · 模板 SMS_1'],
    ['en' as const, '2 parts · UCS-2 · 31 more characters · ¥0.10 · template SMS_1'],
  ])('is a line in %s', (language, want) => {
    setLanguage(language)
    const line = previewText({ known: true, parts: 2, left: 31, encoding: 'UCS-2', price: 0.1, currency: 'CNY', template: 'SMS_1' }, (key, values) => t(key, values), language === 'zh' ? 'zh-CN' : 'en-GB')
    expect(line).toBe(want)
  })

  it('leaves out what is not known', () => {
    setLanguage('en')
    expect(previewText({ known: true, parts: 1, left: 0, encoding: 'GSM-7' }, (key, values) => t(key, values), 'en-GB')).toBe('1 part · GSM-7 · 0 more characters')
    expect(previewText({ known: true }, (key, values) => t(key, values), 'en-GB')).toBe('')
  })

  it.each([[0.045, 'CNY', '¥0.045'], [0.1, 'USD', '$0.10'], [1.5, 'credits', '1.5 credits'], [1, '', '1']])('%d %s costs %s', (amount, currency, want) => {
    expect(money(amount, currency, 'en-US')).toBe(want)
  })
})

describe('the preview', () => {
  function open(text = '', wanted = true) {
    const given = { text: ref(text), wanted: ref(wanted) }
    const scope = effectScope()
    const made = scope.run(() => usePreview(7, given.text, given.wanted))!
    return { ...given, ...made, stop: () => scope.stop() }
  }

  it('is asked for once the keys rest, and again for other words', async () => {
    post.mockResolvedValue({ known: true, parts: 1 })
    const p = open()
    for (const words of ['h', 'he', 'hello ']) { p.text.value = words; await nextTick() }
    await vi.advanceTimersByTimeAsync(300)
    expect(post).toHaveBeenCalledExactlyOnceWith('/conversations/{id}/preview', { path: { id: 7 }, body: { text: 'hello' } })
    expect(p.preview.value?.parts).toBe(1)
    expect(p.checked.value).toBe('hello')
    p.text.value = ''
    await nextTick()
    expect(p.preview.value).toBeNull()
    p.stop()
  })

  it('is not asked for again where the channel has nothing to say, nor for notes', async () => {
    post.mockResolvedValue({ known: false })
    const p = open('hello')
    await vi.advanceTimersByTimeAsync(300)
    p.text.value = 'hello you'
    await vi.advanceTimersByTimeAsync(300)
    expect(post).toHaveBeenCalledTimes(1)
    expect(p.preview.value).toBeNull()
    const note = open('hello', false)
    await vi.advanceTimersByTimeAsync(300)
    expect(post).toHaveBeenCalledTimes(1)
    note.stop()
  })

  it('takes no answer about words that are no longer there', async () => {
    let answer: (value: unknown) => void = () => undefined
    post.mockReturnValueOnce(new Promise((done) => { answer = done }) as never)
    const p = open('one')
    await vi.advanceTimersByTimeAsync(300)
    p.text.value = 'two'
    await nextTick()
    answer({ known: true, parts: 9 })
    await vi.advanceTimersByTimeAsync(10)
    expect(p.preview.value).toBeNull()
    p.stop()
  })

  it('keeps quiet when it cannot be had', async () => {
    post.mockRejectedValue(new Error('no'))
    const p = open('one')
    await vi.advanceTimersByTimeAsync(300)
    expect(p.preview.value).toBeNull()
    p.stop()
  })
})
