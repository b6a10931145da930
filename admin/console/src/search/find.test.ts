import { describe, expect, it } from 'vitest'
import { narrowed, paramsOf, readSearch, writeSearch } from './find'

describe('a search in the address', () => {
  it('comes back as it was written', () => {
    const search = { ...readSearch({}), q: '宽带', team: '3', files: true }
    expect(readSearch(writeSearch(search) as Record<string, string>)).toEqual(search)
    expect(writeSearch(readSearch({}))).toEqual({})
  })
  it('knows whether it is narrowed', () => {
    expect(narrowed(readSearch({ q: 'x' }))).toBe(false)
    expect(narrowed(readSearch({ q: 'x', status: 'open' }))).toBe(true)
    expect(narrowed(readSearch({ files: '1' }))).toBe(true)
  })
  it('asks for whole days', () => {
    const params = paramsOf(readSearch({ q: ' x ', from: '2026-11-20', to: '2026-11-20' }))
    expect(params.q).toBe('x')
    expect(Date.parse(String(params.to)) - Date.parse(String(params.from))).toBe(86_400_000)
    expect(paramsOf(readSearch({ q: 'x', from: 'soon' })).from).toBeUndefined()
  })
})
