import { afterEach, describe, expect, it } from 'vitest'
import type { StreamEvent } from '../api/types'
import { concernsMe } from './attention'
import { shortcutOf } from './keys'
import { readStoring } from './storing'

const press = (key: string, on: string, init: KeyboardEventInit = {}) => {
  document.body.replaceChildren()
  document.body.insertAdjacentHTML('beforeend', on)
  const target = document.body.querySelector('[data-here]') ?? document.body
  const event = new KeyboardEvent('keydown', { key, bubbles: true, ...init })
  Object.defineProperty(event, 'target', { value: target })
  return shortcutOf(event)
}
afterEach(() => { document.body.replaceChildren() })

describe('shortcutOf', () => {
  it.each([
    ['a letter', 'J', '', {}, 'j'],
    ['help', '?', '', { shiftKey: true }, '?'],
    ['the palette', 'k', '', { ctrlKey: true }, 'ctrl+k'],
    ['the palette on a Mac', 'k', '', { metaKey: true }, 'ctrl+k'],
    ['the palette while typing', 'k', '<textarea data-here></textarea>', { ctrlKey: true }, 'ctrl+k'],
    ['copying', 'c', '', { ctrlKey: true }, ''],
    ['a letter while typing', 'r', '<textarea data-here></textarea>', {}, ''],
    ['a letter in a field', 'r', '<input data-here>', {}, ''],
    ['a letter in a choice', 'r', '<select data-here></select>', {}, ''],
    ['a letter in a dialog', 'e', '<dialog><button data-here></button></dialog>', {}, ''],
    ['a letter in a menu', 'e', '<div role="menu"><button data-here></button></div>', {}, ''],
    ['a letter on a button', 'e', '<button data-here></button>', {}, 'e'],
    ['an accent', 'e', '', { altKey: true }, ''],
    ['Chinese input', 'j', '', { isComposing: true }, ''],
  ])('%s', (_name, key, on, init, want) => {
    expect(press(key, on, init)).toBe(want)
  })
})

describe('readStoring', () => {
  it.each([
    ['a server that is well', 200, 'ready\n', ''],
    ['a full disk', 503, 'the database cannot store anything\n', 'nothing'],
    ['a database that is away', 503, 'the database does not answer\n', 'nothing'],
    ['a full disk of files', 200, 'ready, but files cannot be stored\n', 'files'],
    ['a server that stops', 503, 'stopping\n', ''],
    ['a proxy that hides it', 404, '<html>the database</html>', ''],
  ])('%s', (_name, status, text, want) => {
    expect(readStoring(status, text)).toBe(want)
  })
})

describe('concernsMe', () => {
  const event = (sender: string, status: string, agent?: number, kind = 'message') =>
    ({ n: 1, kind, at: '', message: { sender }, conversation: { status, agent: agent ? { id: agent, name: '' } : undefined } }) as unknown as StreamEvent
  it.each([
    ['a customer of mine', event('contact', 'open', 7), true],
    ['a customer in the queue', event('contact', 'open'), true],
    ['a colleague’s customer', event('contact', 'open', 8), false],
    ['a customer of the bot', event('contact', 'pending'), false],
    ['what I said myself', event('agent', 'open', 7), false],
    ['a delivery', event('contact', 'open', 7, 'message_state'), false],
  ])('%s', (_name, one, want) => {
    expect(concernsMe(one, 7)).toBe(want)
  })
})
