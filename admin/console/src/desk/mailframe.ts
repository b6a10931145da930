import type { Mail } from '../api/types'

/** What the verdicts on a mail come to for a reader. */
export type Trust = 'proven' | 'forged' | 'unproven'

/** Proven: the sender's domain vouches for it. Forged: it was asked and does not. Otherwise nobody knows. */
export function trustOf(mail: Pick<Mail, 'verdicts'>): Trust | null {
  const v = mail.verdicts
  if (!v) return null
  if (v.proven) return 'proven'
  const no = (word?: string) => word === 'fail' || word === 'softfail'
  return no(v.dmarc) || (v.dkim !== 'pass' && (no(v.spf) || no(v.dkim))) ? 'forged' : 'unproven'
}

/** The verdicts as they are written among people who run mail servers, such as "SPF pass · DKIM fail". */
export function verdictLine(mail: Pick<Mail, 'verdicts'>): string {
  const v = mail.verdicts
  if (!v) return ''
  const words = [['SPF', v.spf], ['DKIM', v.dkim], ['DMARC', v.dmarc]].filter(([, word]) => word).map(([name, word]) => `${name} ${word}`)
  return [...words, ...(v.signer ? [`d=${v.signer}`] : []), ...(v.by ? [v.by] : [])].join(' · ')
}

/** Where a message's mail is served as a document for a sandboxed frame. */
export function mailAddress(at: { conversation_id: number; seq: number }, look: { history: boolean; pictures: boolean; dark: boolean }): string {
  const query = Object.entries(look).filter(([, on]) => on).map(([name]) => `${name}=true`).join('&')
  return `/api/v1/conversations/${at.conversation_id}/messages/${at.seq}/mail${query ? `?${query}` : ''}`
}

const boxes = new Set(('a abbr address article b big blockquote br caption center cite code col colgroup dd del div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main ' +
  'mark ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr').split(' '))
const lengths = /^(font-size|line-height|width|height|min-width|max-width|min-height|max-height|(padding|margin)(-(top|right|bottom|left))?|display|white-space|text-indent|border(-(top|right|bottom|left))?-width)$/
const harmless = /^[\w\s.%!-]+$/

/**
 * An inert twin of a mail: the same boxes and words, made anew in this page, without one attribute that could name an
 * address. A sandboxed frame tells nobody how high its content is; the twin, laid out as wide and never seen, does.
 */
export function twinOf(html: string): DocumentFragment {
  const twin = document.createDocumentFragment()
  // Under another name the page's own policy does not take the styles for some that are to be applied.
  const parsed = new DOMParser().parseFromString(html.replace(/ style="/g, ' data-style="'), 'text/html')
  copy(parsed.body, twin, 0)
  return twin
}

function copy(from: Node, to: Node, depth: number): void {
  if (depth > 150) return
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.textContent ?? ''))
    if (!(child instanceof Element)) continue
    const name = child.localName
    if (!boxes.has(name)) continue
    // A picture takes its room as a box: an image element would look for a source.
    const box = document.createElement(name === 'img' || name === 'a' ? 'span' : name)
    if (name === 'img') box.style.setProperty('display', 'inline-block')
    measure(child, box)
    to.appendChild(box)
    copy(child, box, depth + 1)
  }
}

/** Copies what sets the size of a box. */
function measure(from: Element, box: HTMLElement): void {
  for (const side of ['width', 'height'] as const) {
    const value = from.getAttribute(side) ?? ''
    if (/^\d{1,4}%?$/.test(value)) box.style.setProperty(side, value.endsWith('%') ? value : `${value}px`)
  }
  for (const name of ['colspan', 'rowspan', 'cellpadding', 'cellspacing', 'border']) {
    const value = from.getAttribute(name) ?? ''
    if (/^\d{1,3}$/.test(value)) box.setAttribute(name, value)
  }
  for (const declaration of (from.getAttribute('data-style') ?? '').split(';')) {
    const colon = declaration.indexOf(':')
    const [name, value] = [declaration.slice(0, colon).trim().toLowerCase(), declaration.slice(colon + 1).trim()]
    if (colon > 0 && lengths.test(name) && harmless.test(value)) box.style.setProperty(name, value.replace(/!.*/, ''))
  }
}
