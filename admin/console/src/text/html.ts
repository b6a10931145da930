const forbidden = 'script,style,iframe,object,embed,form,input,button,textarea,select,link,meta,base,svg,math,template'

/** Nodes of HTML that the server has sanitised, with a second belt: no active content, and links that open apart and say nothing. */
export function harden(html: string): Node[] {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const node of page.querySelectorAll(forbidden)) node.remove()
  for (const node of page.querySelectorAll('*')) hardenElement(node)
  return [...page.body.childNodes]
}

function hardenElement(node: Element): void {
  for (const { name, value } of [...node.attributes]) {
    const dangerous = name.startsWith('on') || name === 'style' || name === 'srcdoc' || name === 'formaction'
    if (dangerous || (isAddress(name) && !isSafeAddress(value))) node.removeAttribute(name)
  }
  if (node.tagName !== 'A') return
  node.setAttribute('target', '_blank')
  node.setAttribute('rel', 'noopener noreferrer nofollow')
}

function isAddress(name: string): boolean {
  return name === 'href' || name === 'src' || name === 'xlink:href' || name === 'action'
}

/** Browsers ignore tabs, line ends and leading control characters in an address, so they are ignored here. */
export function isSafeAddress(value: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value.replace(/[\p{Cc}\s]/gu, ''))?.[1]?.toLowerCase()
  return scheme === undefined || ['http', 'https', 'mailto', 'tel'].includes(scheme)
}

export interface Piece { text: string; href?: string }

/** Splits plain text into runs and web addresses, so that addresses can be links without any markup. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'，。；！？、（）《》“”]+/g)) {
    const href = match[0].replace(/[.,;:!?)\]]+$/, '')
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) })
    pieces.push({ text: href, href })
    at = match.index + href.length
  }
  if (at < text.length) pieces.push({ text: text.slice(at) })
  return pieces
}
