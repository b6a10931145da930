import { describe, expect, it } from 'vitest'
import type { Contact } from '../api/types'
import { attributePatch, clashes } from './saving'

const contact = (change: Partial<Contact> = {}): Contact => ({ id: 1, version: 1, name: 'Li', attributes: { tier: 'gold' }, identities: [], merges: [], complete: 0, missing: [], created_at: '', ...change })

describe('two who change a customer at once', () => {
  it('do not clash over different fields', () => {
    expect(clashes(contact(), contact({ phone: '123' }), { name: 'Wang' })).toEqual([])
    expect(clashes(contact(), contact({ attributes: { tier: 'gold', city: 'SH' } }), { attributes: { tier: 'none' } })).toEqual([])
  })
  it('clash over one field that they set differently', () => {
    expect(clashes(contact(), contact({ name: 'Lily' }), { name: 'Wang' })).toEqual([{ field: 'name', theirs: 'Lily', yours: 'Wang' }])
    expect(clashes(contact(), contact({ attributes: {} }), { attributes: { tier: 'vip' } })).toEqual([{ field: 'tier', theirs: '', yours: 'vip' }])
    expect(clashes(contact(), contact({ manager: { id: 7, name: 'Mei' } }), { manager_id: 8 })).toEqual([{ field: 'manager', theirs: '7', yours: '8' }])
  })
  it('do not clash when they mean the same', () => {
    expect(clashes(contact(), contact({ name: 'Wang' }), { name: 'Wang' })).toEqual([])
  })
})

describe('attributes that are sent', () => {
  it('are those that differ', () => {
    expect(attributePatch({ a: '1', b: '2', c: '3' }, { a: '1', b: '9', d: '4' })).toEqual({ b: '9', c: '', d: '4' })
    expect(attributePatch({}, {})).toEqual({})
  })
})
