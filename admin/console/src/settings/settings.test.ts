import { describe, expect, it } from 'vitest'
import type { Setting } from '../api/types'
import { initialSettings, isOn, settingsToSend, linesOf } from './settings'

const setting = (key: string, more: Partial<Setting> = {}): Setting => ({ key, type: 'text', required: false, secret: false, label: { zh: key, en: key }, help: { zh: '', en: '' }, ...more })
const specs = [setting('host', { required: true }), setting('port', { type: 'number', default: '993' }), setting('secret', { secret: true })]

describe('inbox settings', () => {
  it('start with what is saved, then with defaults, and never with a secret’s mask', () => {
    expect(initialSettings(specs, {})).toEqual({ host: '', port: '993', secret: '' })
    expect(initialSettings(specs, { host: 'a', port: '1', secret: '••••' })).toEqual({ host: 'a', port: '1', secret: '' })
  })

  it.each([
    ['a new inbox', { host: 'a', port: '993', secret: 's' }, {}, { host: 'a', port: '993', secret: 's' }],
    ['a kept secret', { host: 'a', port: '', secret: '' }, { host: 'x', secret: '••••' }, { host: 'a' }],
    ['a changed secret', { host: 'a', secret: 'new' }, { secret: '••••' }, { host: 'a', secret: 'new' }],
    ['a value taken away', { host: '', port: '', secret: '' }, { host: 'x', port: '1' }, { host: '', port: '' }],
  ])('send %s', (_name, values, saved, want) => {
    expect(settingsToSend(specs, values as Record<string, string>, saved as Record<string, string>)).toEqual(want)
  })

  it('show the names of a secret list, and send it as it is', () => {
    const list = [setting('keys', { type: 'list', secret: true })]
    expect(initialSettings(list, { keys: 'k1=••••' })).toEqual({ keys: 'k1=••••' })
    expect(settingsToSend(list, { keys: 'k1=••••\nk2=new' }, { keys: 'k1=••••' })).toEqual({ keys: 'k1=••••\nk2=new' })
    expect(settingsToSend(list, { keys: '' }, { keys: 'k1=••••' })).toEqual({ keys: '' })
  })

  it.each([['true', true], ['on', true], ['1', true], ['false', false], ['off', false], ['', false], [undefined, false]])('%s is on: %s', (value, want) => {
    expect(isOn(value)).toBe(want)
  })
})

it('lines of a field are trimmed and empty ones left out', () => {
  expect(linesOf(' a \n\n b c\r\n')).toEqual(['a', 'b c'])
  expect(linesOf('')).toEqual([])
})
