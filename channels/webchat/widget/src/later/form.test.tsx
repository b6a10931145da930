import { describe, expect, it } from 'vitest'
import { Scene } from '../scene'
import { fault } from './fields'
import { profileOf } from './form'
import { readForm, readPast } from './read'
import type { FormField } from '../contract'

const scene = Scene.each()

const fields = [
  { key: 'name', label: 'Name', kind: 'text', required: true },
  { key: 'email', label: 'Email', kind: 'email' },
  { key: 'order_no', label: 'Order number', kind: 'text', required: true },
  { key: 'region', label: 'Region', kind: 'select', options: ['North', 'South'] },
]

describe('the form of an owner who named fields', () => {
  const open = async (): Promise<void> => {
    scene.server.config = { ...scene.server.config, pre_chat: 'required', form: { fields, consent_text: 'I agree.' } }
    await scene.open()
  }

  it('labels each, and says which may be left out', async () => {
    await open()
    expect(scene.texts('.intro .field > label')).toEqual(['Name', 'Email (optional)', 'Order number', 'Region (optional)', 'I agree.'])
    expect(scene.texts('.intro option')).toEqual(['Choose', 'North', 'South'])
  })

  it('says at each field what is wrong, and goes to the first', async () => {
    await open()
    await scene.type('.intro input[type=email]', 'nothing')
    await scene.submit('.intro')
    expect(scene.texts('.intro .hint.bad')).toEqual(['Please fill this in.', 'This does not look like an email address.', 'Please fill this in.', 'Please agree first.'])
    expect((document.activeElement as HTMLInputElement).autocomplete).toBe('name')
    expect(scene.sent('session')).toHaveLength(1)
  })

  const fill = async (): Promise<void> => {
    await scene.type('.intro input[autocomplete=name]', ' Ann ')
    await scene.type('.intro input[autocomplete=off]', 'A-7')
    await scene.type('.intro select', 'South')
    await scene.click('.intro input[type=checkbox]')
  }

  it('sends what was written and agreed to', async () => {
    await open()
    await fill()
    await scene.submit('.intro')
    expect(scene.sent('session')[1]?.['profile']).toEqual({ name: 'Ann', email: '', consent: true, fields: { order_no: 'A-7', region: 'South' } })
    expect(scene.has('textarea')).toBe(true)
  })

  it('puts what the server finds wrong at its field', async () => {
    await open()
    await fill()
    scene.server.faults = [{ status: 400, code: 'form', field: 'order_no', detail: 'No such order.' }]
    await scene.submit('.intro')
    expect(scene.texts('.intro .field .hint.bad')).toEqual(['No such order.'])
    scene.server.faults = [{ status: 503, detail: 'Later.' }]
    await scene.submit('.intro')
    expect(scene.texts('.intro [role=alert]')).toEqual(['Later.'])
  })

  it('is not for whom the site vouches for', async () => {
    scene.server.config = { ...scene.server.config, pre_chat: 'required', identified: true, form: { fields } }
    await scene.open()
    expect([scene.has('.intro'), scene.has('textarea')]).toEqual([false, true])
  })
})

describe('fault', () => {
  const field = (kind: FormField['kind'], required = false) => ({ kind, required })
  it.each([
    [field('text'), '', undefined],
    [field('text', true), '  ', 'required'],
    [field('email'), 'a@b.c', undefined],
    [field('email'), 'a@b', 'emailWrong'],
    [field('email'), 'a b@c.d', 'emailWrong'],
    [field('phone'), '+86 (10) 1234-5678', undefined],
    [field('phone'), '1055', 'phoneWrong'],
    [field('phone'), 'call me', 'phoneWrong'],
  ] as const)('%j with %j: %s', (f, value, want) => expect(fault(f, value)).toBe(want))
})

describe('profileOf', () => {
  it('leaves out what was left empty, and consent where none is asked for', () => {
    expect(profileOf(fields as FormField[], { name: 'Ann', region: '' }, false)).toEqual({ name: 'Ann', email: '', fields: {} })
  })
})

describe('readForm and readPast', () => {
  it.each([
    ['nothing', undefined, undefined],
    ['no fields', { fields: [] }, undefined],
    ['consent alone', { consent_text: 'ok' }, { fields: [], consent: 'ok' }],
    ['what is no field', { fields: [null, 7, { label: 'x' }, { key: 'a', kind: 'file', options: ['', 'b', null] }] }, { fields: [{ key: 'a', label: 'a', kind: 'text', required: false, options: ['b'] }], consent: '' }],
  ])('%s', (_, value, want) => expect(readForm(value)).toEqual(want))

  it('takes only conversations with a number', () => {
    expect(readPast({ conversations: [{ id: 'x' }, { id: 3, started_at: 's', status: 'open' }] })).toEqual([{ id: 3, started_at: 's', last_at: 's', status: 'open', preview: '', agent: '', rating: 0 }])
    expect(readPast(undefined)).toEqual([])
  })
})
