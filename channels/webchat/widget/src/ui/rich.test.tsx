import { render, type ComponentChild } from 'preact'
import { describe, expect, it } from 'vitest'
import { plainNodes, richNodes } from './rich'

function drawn(nodes: ComponentChild): string {
  const place = document.createElement('div')
  render(<>{nodes}</>, place)
  return [...place.childNodes].map((n) => (n instanceof Element ? n.outerHTML : (n.textContent ?? ''))).join('')
}

describe('richNodes', () => {
  it.each([
    ['what answers are made of', '<p>a <strong>b</strong> <em>c</em></p><ul><li>d</li></ul>', '<p>a <strong>b</strong> <em>c</em></p><ul><li>d</li></ul>'],
    ['a link opens beside', '<a href="https://a.example" onclick="x()">a</a>', '<a href="https://a.example" target="_blank" rel="noopener noreferrer nofollow">a</a>'],
    ['a number to call', '<a href="tel:1055">1055</a>', '<a href="tel:1055" target="_blank" rel="noopener noreferrer nofollow">1055</a>'],
    ['a link that is a script', '<a href="javascript:alert(1)">a</a>', 'a'],
    ['a link with a space before', '<a href=" javascript:alert(1)">a</a>', 'a'],
    ['a script', 'a<script>alert(1)</script>b', 'ab'],
    ['a style', '<style>*{display:none}</style>b', 'b'],
    ['a picture without an address becomes its words', '<img src="x" onerror="alert(1)" alt="map">', 'map'],
    ['a picture', '<img src="https://a.example/files/k" onerror="alert(1)" alt="map">', '<img src="https://a.example/files/k" alt="map" loading="lazy" style="max-width: 100%;">'],
    ['attributes are dropped', '<p class="x" style="position:fixed" onmouseover="x()" id="y">a</p>', '<p>a</p>'],
    ['what is not known is looked through', '<div><form><input value="x">a <b>b</b></form></div>', 'a <b>b</b>'],
    ['a heading is no heading of the page', '<h1>a</h1>', '<p class="heading">a</p>'],
    ['a drawing', 'a<svg onload="alert(1)"><script>alert(1)</script></svg>', 'a'],
  ])('%s', (_, html, want) => expect(drawn(richNodes(html)?.nodes)).toBe(want))

  it('does not follow a tree without end', () => {
    expect(drawn(richNodes('<b>'.repeat(500) + 'deep' + '</b>'.repeat(500))?.nodes)).not.toContain('deep')
  })
})

describe('plainNodes', () => {
  const link = (url: string) => `<a href="${url}" target="_blank" rel="noopener noreferrer nofollow">${url}</a>`
  it.each([
    ['<b>not bold</b>', '<b>not bold</b>'],
    ['see https://a.example/x?y=1.', `see ${link('https://a.example/x?y=1')}.`],
    ['见https://a.example/路径，谢谢', `见${link('https://a.example/路径')}，谢谢`],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['https://a.example https://b.example', `${link('https://a.example')} ${link('https://b.example')}`],
  ])('%s', (text, want) => expect(drawn(plainNodes(text)).replace(/&lt;/g, '<').replace(/&gt;/g, '>')).toBe(want))
})
