// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { mailAddress, trustOf, twinOf, verdictLine } from './mailframe'

describe('trust', () => {
  it.each([
    ['nothing was judged', undefined, null],
    ['its domain vouches', { proven: true, dmarc: 'pass' }, 'proven'],
    ['its domain says no', { proven: false, dmarc: 'fail' }, 'forged'],
    ['sent from elsewhere', { proven: false, spf: 'softfail', dkim: 'none', dmarc: 'none' }, 'forged'],
    ['a stranger signs it', { proven: false, dkim: 'pass', dmarc: 'none' }, 'unproven'],
    ['nothing is published', { proven: false, spf: 'none', dkim: 'none', dmarc: 'none' }, 'unproven'],
    ['the network was down', { proven: false, dmarc: 'temperror' }, 'unproven'],
  ])('%s', (_, verdicts, want) => {
    expect(trustOf({ verdicts })).toBe(want)
  })

  it('is told in the words of mail servers', () => {
    expect(verdictLine({ verdicts: { proven: true, spf: 'pass', dkim: 'pass', dmarc: 'pass', signer: 'a.example', by: 'mx.example' } })).toBe('SPF pass · DKIM pass · DMARC pass · d=a.example · mx.example')
    expect(verdictLine({})).toBe('')
  })
})

describe('address', () => {
  const at = { conversation_id: 7, seq: 3 }
  it('asks for nothing that was not wished', () => {
    expect(mailAddress(at, { history: false, pictures: false, dark: false })).toBe('/api/v1/conversations/7/messages/3/mail')
    expect(mailAddress(at, { history: true, pictures: false, dark: true })).toBe('/api/v1/conversations/7/messages/3/mail?history=true&dark=true')
  })
})

describe('twin', () => {
  const html = (source: string) => {
    const box = document.createElement('div')
    box.appendChild(twinOf(source))
    return [...box.childNodes].map((node) => (node instanceof Element ? node.outerHTML : node.textContent)).join('')
  }
  it('has the same boxes and words', () => {
    expect(html('<p style="font-size: 20px">你好 <b>!</b></p>')).toBe('<p style="font-size: 20px;">你好 <b>!</b></p>')
  })
  it('has no attribute that names an address', () => {
    const twin = html('<a href="https://evil.example">x</a><img src="https://evil.example/x" data-src="https://evil.example/y" width="40" height="30" onerror="x()"><iframe src="https://evil.example"></iframe><div style="background:url(https://evil.example)">y</div><script>x()</script><style>@import "https://evil.example"</style>')
    expect(twin).not.toMatch(/evil|src|href|onerror|script|style>|<img|<a/)
    expect(twin).toContain('width: 40px')
  })
  it('is built no deeper than a page bears', () => {
    expect(() => html('<div>'.repeat(500))).not.toThrow()
  })
})
