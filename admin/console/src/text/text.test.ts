import { describe, expect, it } from 'vitest'
import { diff, tokens, type Run } from './diff'
import { harden, isSafeAddress, linkify } from './html'
import { mergeLines } from './lines'
import { link, prefix, wrap } from './markdown'
import { initials } from './name'
import { fileSize } from './size'

const show = (runs: Run[]) => runs.map(({ kind, text }) => (kind === 'same' ? text : kind === 'add' ? `[+${text}]` : `[-${text}]`)).join('')
const markup = (html: string) => { const box = document.createElement('div'); box.append(...harden(html)); return box.outerHTML.slice('<div>'.length, -'</div>'.length) }

describe('diff', () => {
  it.each([
    ['the same', 'one two', 'one two', 'one two'],
    ['a word replaced', 'wait ten seconds', 'wait 30 seconds', 'wait [-ten][+30] seconds'],
    ['a word added', 'call us', 'call us now', 'call us[+ now]'],
    ['a word gone', 'call us now', 'call us', 'call us[- now]'],
    ['Chinese by word', '等十秒再插上', '等三十秒再插', '等[-十秒][+三十秒]再[-插上][+插]'],
    ['both languages', '拨 1055 报修', '拨 1066 报修', '拨 [-1055][+1066] 报修'],
    ['from nothing', '', 'all', '[+all]'],
    ['to nothing', 'all', '', '[-all]'],
    ['nothing at all', '', '', ''],
    ['lines', 'a\nb\nc', 'a\nx\nc', 'a\n[-b][+x]\nc'],
  ])('%s', (_name, before, after, want) => {
    expect(show(diff(before, after))).toBe(want)
  })

  it('keeps both texts whole whatever they are', () => {
    const texts = ['', 'a', '宽带断网', 'a b  c\n\n- d', '𠮷野家 é ü', 'x'.repeat(300), '## 标题\n1. 一\n2. two']
    for (const before of texts) for (const after of texts) {
      const runs = diff(before, after)
      expect(runs.filter((run) => run.kind !== 'add').map((run) => run.text).join('')).toBe(before)
      expect(runs.filter((run) => run.kind !== 'del').map((run) => run.text).join('')).toBe(after)
    }
  })

  it('compares very long texts line by line', () => {
    const lines = Array.from({ length: 900 }, (_none, i) => `line ${i} of a long answer`)
    const changed = lines.map((line, i) => (i === 450 ? 'another line' : line))
    expect(diff(lines.join('\n'), changed.join('\n')).filter((run) => run.kind !== 'same').length).toBeLessThanOrEqual(2)
  })

  it('cuts Chinese into words as it cuts the rest', () => {
    expect(tokens('等 30秒, ok')).toEqual(['等', ' ', '30', '秒', ',', ' ', 'ok'])
    expect(tokens('电子发票在我的订单里').slice(0, 2)).toEqual(['电子', '发票'])
  })
})

describe('harden', () => {
  it.each([
    ['a script', '<p>a<script>alert(1)</script></p>', '<p>a</p>'],
    ['an event handler', '<img src="/a.png" onerror="alert(1)">', '<img src="/a.png">'],
    ['a javascript address', '<a href="javascript:alert(1)">x</a>', '<a target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['a hidden javascript address', '<a href=" java&#10;script:alert(1)">x</a>', '<a target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['a link', '<a href="https://a.example">x</a>', '<a href="https://a.example" target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['an object, a form and a style', '<object data="/x"></object><form><input></form><style>p{}</style><p style="color:red">a</p>', '<p>a</p>'],
    ['an svg', 'b<svg onload="alert(1)"><script>1</script></svg>', 'b'],
    ['an answer', '<p>Wait <strong>30 s</strong></p><ol><li>one</li></ol>', '<p>Wait <strong>30 s</strong></p><ol><li>one</li></ol>'],
  ])('%s', (_name, html, want) => {
    expect(markup(html)).toBe(want)
  })
})

describe('isSafeAddress', () => {
  it.each([
    ['https://a.example', true], ['/api/v1/x', true], ['mailto:a@b', true], ['tel:1055', true], ['#top', true],
    ['javascript:alert(1)', false], ['JavaScript:alert(1)', false], ['\u0001javascript:alert(1)', false], ['data:text/html,x', false], ['java\nscript:alert(1)', false], [' \tjavascript:x', false], ['vbscript:x', false],
  ])('%s', (address, safe) => {
    expect(isSafeAddress(address)).toBe(safe)
  })
})

describe('linkify', () => {
  it.each([
    ['no address', [{ text: 'no address' }]],
    ['see https://a.example/x?y=1.', [{ text: 'see ' }, { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' }, { text: '.' }]],
    ['看https://a.example，谢谢', [{ text: '看' }, { text: 'https://a.example', href: 'https://a.example' }, { text: '，谢谢' }]],
    ['javascript:alert(1)', [{ text: 'javascript:alert(1)' }]],
    ['<b>https://a.example</b>', [{ text: '<b>' }, { text: 'https://a.example', href: 'https://a.example' }, { text: '</b>' }]],
    ['', []],
  ])('%s', (text, want) => {
    expect(linkify(text)).toEqual(want)
  })
})

describe('markdown tools', () => {
  it.each([
    ['bold on', () => wrap({ text: 'a b c', start: 2, end: 3 }, '**', 'w'), 'a **b** c', 'b'],
    ['bold off', () => wrap({ text: 'a **b** c', start: 4, end: 5 }, '**', 'w'), 'a b c', 'b'],
    ['bold of nothing', () => wrap({ text: '', start: 0, end: 0 }, '**', 'words'), '**words**', 'words'],
    ['a list', () => prefix({ text: 'x\na\nb\ny', start: 2, end: 5 }, '- '), 'x\n- a\n- b\ny', '- a\n- b'],
    ['a list off', () => prefix({ text: '- a\n- b', start: 0, end: 7 }, '- '), 'a\nb', 'a\nb'],
    ['numbers', () => prefix({ text: 'a\nb\nc', start: 0, end: 5 }, '1. '), '1. a\n2. b\n3. c', '1. a\n2. b\n3. c'],
    ['numbers off', () => prefix({ text: '1. a\n2. b', start: 0, end: 9 }, '1. '), 'a\nb', 'a\nb'],
    ['a heading in the middle of a line', () => prefix({ text: 'a\nbcd', start: 3, end: 3 }, '### '), 'a\n### bcd', '### bcd'],
    ['a link', () => link({ text: 'see here', start: 4, end: 8 }, 'w'), 'see [here](https://)', 'https://'],
  ])('%s', (_name, run, text, selected) => {
    const got = run()
    expect([got.text, got.text.slice(got.start, got.end)]).toEqual([text, selected])
  })
})

describe('mergeLines', () => {
  it.each([
    [['a'], 'b', ['a', 'b']],
    [['a'], ' A ', ['a']],
    [[], 'one\r\n\r\n  two   words \none', ['one', 'two words']],
    [['a'], '', ['a']],
  ])('%j + %j', (list, text, want) => {
    expect(mergeLines(list, text)).toEqual(want)
  })
})

describe('small words', () => {
  it.each([['王小雨', '小雨'], ['李雷', '李雷'], ['Ann Smith', 'AS'], ['bob', 'B'], ['Maria de la Cruz', 'MC'], ['Visitor 3f90', 'V3'], ['  ', '?'], ['🙂', '?']])('initials of %s', (name, want) => {
    expect(initials(name)).toBe(want)
  })

  it.each([[0, '0 B'], [999, '999 B'], [1000, '1 kB'], [123456, '123 kB'], [999_600, '1.0 MB'], [2_345_678, '2.3 MB']])('size %i', (bytes, want) => {
    expect(fileSize(bytes)).toBe(want)
  })
})
