import { render } from 'preact'
import { beforeEach, expect, test, vi } from 'vitest'
import { announced, Bubble } from './bubble'
import { en } from './en'
import { rich, safe } from './rich'
import { account, line } from './testing'
import type { Act, Line } from './contract'
import { WordsContext } from './words'

let place: HTMLElement
beforeEach(() => {
  document.body.replaceChildren()
  place = document.createElement('div')
  document.body.append(place)
})

function show(one: Partial<Line>, act: (act: Act) => void = () => undefined): HTMLElement {
  render(<WordsContext.Provider value={en}><Bubble account={account()} line={line(one)} act={act} /></WordsContext.Provider>, place)
  return place
}

test('what a stranger wrote stays text', () => {
  const shown = show({ text: '<img src=x onerror=alert(1)> <a href="javascript:alert(1)">x</a>' })
  expect(shown.querySelector('img')).toBeNull()
  expect(shown.querySelector('a')).toBeNull()
  expect(shown.textContent).toContain('<img src=x onerror=alert(1)>')
})

test('links of both spellings open', () => {
  const shown = show({ text: 'see <a href="https://example.com/a">our page</a> or (https://example.com/b)。' })
  const links = [...shown.querySelectorAll('a')]
  expect(links.map((a) => [a.href, a.textContent])).toEqual([['https://example.com/a', 'our page'], ['https://example.com/b', 'https://example.com/b']])
  expect(links.every((a) => a.rel.includes('noopener'))).toBe(true)
})

test('only pages of the web are links', () => {
  expect(['https://x', 'HTTP://x', 'javascript:x', 'data:x', '//x', ''].map(safe)).toEqual([true, true, false, false, false, false])
  expect(rich('plain')).toEqual(['plain'])
})

test('a menu message is pressed with its id', () => {
  const act = vi.fn()
  const shown = show({ n: 7, kind: 'msgmenu', text: 'Which?', choices: [{ kind: 'click', id: 'a', text: 'First' }, { kind: 'text', text: 'words' }, { kind: 'view', text: 'bad', url: 'javascript:x' }] }, act)
  const buttons = [...shown.querySelectorAll('button')]
  expect(buttons.map((b) => b.textContent)).toEqual(['First'])
  buttons[0]?.click()
  expect(act).toHaveBeenCalledWith({ do: 'choose', line: 7, key: 'a' })
  expect(shown.querySelector('a')).toBeNull()
})

test('links in a text press as a menu does', () => {
  const act = vi.fn()
  const shown = show({ n: 3, text: 'Which?', choices: [{ kind: 'click', id: 'a', text: 'First' }] }, act)
  shown.querySelector('button')?.click()
  expect(act).toHaveBeenCalledWith({ do: 'choose', line: 3, key: 'a' })
})

test.each([
  [{ kind: 'image', media: 'm1' }, 'img[src="api/picture/m1"]'],
  [{ kind: 'voice', media: 'm1', text: 'words' }, 'a[href="api/picture/m1"]'],
  [{ kind: 'video', media: 'm1', title: 'film' }, 'a[href="api/picture/m1"]'],
  [{ kind: 'file', media: 'm1', text: 'a.pdf' }, 'a.card[href="api/picture/m1"]'],
  [{ kind: 'news', title: 't', url: 'https://example.com/' }, 'a.card[href="https://example.com/"]'],
  [{ kind: 'link', title: 't', url: 'javascript:x' }, 'div.card'],
  [{ kind: 'miniprogrampage', title: 't', page: 'p', media: 'm1' }, 'div.card img'],
  [{ kind: 'location', text: 'square', lat: 1, lng: 2 }, 'div.card'],
  [{ kind: 'notice', title: 't', rows: [['no', 'A1']] as [string, string][] }, 'div.notice dd'],
])('%o is drawn', (one, selector) => {
  expect(show(one).querySelector(selector)).not.toBeNull()
})

test('the way by which a message came is told', () => {
  expect(show({ text: 'x', how: 'passive' }).querySelector('.how')?.textContent).toBe(en.passive)
  expect(show({ text: 'x', how: 'servicer', who: 'LiNa' }).querySelector('.how')?.textContent).toContain('LiNa')
  expect(show({ text: 'x', from: 'customer' }).querySelector('.how')).toBeNull()
})

test('what the app says has words', () => {
  expect(announced(line({ from: 'system', kind: 'out_of_order' }), en)).toBe(en.system.out_of_order)
  expect(announced(line({ from: 'system', kind: 'scanned', text: 'door' }), en)).toContain('door')
  expect(announced(line({ from: 'system', kind: 'new_kind' }), en)).toBe('new_kind')
})
