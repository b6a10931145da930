import { h, type ComponentChild } from 'preact'

/**
 * The server sends HTML that it has cleaned. It is still not put into the site's page as it is: its tree is
 * read in a document that runs nothing, and rebuilt from the few elements and attributes named here.
 */
const allowed = new Set('p br strong b em i u s del code pre ul ol li blockquote a h1 h2 h3 h4 h5 h6 hr table thead tbody tr th td span'.split(' '))
const heading = /^h[1-6]$/
const deepest = 40

interface HtmlPolicy {
  createHTML(text: string): string
}

/** A page may demand that HTML texts pass a policy; ours changes nothing, because nothing of it is ever run. */
function makePolicy(): HtmlPolicy {
  const same: HtmlPolicy = { createHTML: (text) => text }
  const types = (window as { trustedTypes?: { createPolicy(name: string, rules: HtmlPolicy): HtmlPolicy } }).trustedTypes
  try {
    return types?.createPolicy('huiyin', same) ?? same
  } catch {
    return same
  }
}

// A page allows a policy of one name once.
const policy = makePolicy()

/** Cleaned HTML as nodes, and whether something of it was left out. */
export interface Rich {
  nodes: ComponentChild[]
  cut: boolean
}

/**
 * Turns cleaned HTML into nodes; undefined when the page's rules forbid even reading it. With a limit, of a longer text
 * only its first blocks, up to about so many characters.
 */
export function richNodes(html: string, most = Infinity): Rich | undefined {
  try {
    const { body } = new DOMParser().parseFromString(policy.createHTML(html), 'text/html')
    const before = body.textContent?.length ?? 0
    // A little more than the limit is no reason to be sent elsewhere.
    if (before > most * 1.3) shorten(body, most)
    const cut = (body.textContent?.length ?? 0) < before
    return { nodes: nodesOf(body, 0), cut }
  } catch {
    return undefined
  }
}

const holders = new Set(['UL', 'OL', 'BLOCKQUOTE', 'DIV', 'TABLE', 'TBODY'])

/** Takes away what lies behind the limit: whole blocks, and of lists and tables whole lines. Answers what room is left. */
function shorten(parent: Element, most: number): number {
  let room = most
  for (const node of [...parent.childNodes]) {
    const length = node.textContent?.trim().length ?? 0
    if (room <= 0 && length > 0) node.remove()
    else if (length > room && node instanceof Element && holders.has(node.tagName)) room = shorten(node, room)
    else room -= length
  }
  return room
}

function nodesOf(parent: Node, depth: number): ComponentChild[] {
  if (depth > deepest) return []
  return [...parent.childNodes].map((node) => nodeOf(node, depth))
}

function nodeOf(node: Node, depth: number): ComponentChild {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent
  if (!(node instanceof Element)) return null
  const name = node.localName
  if (name === 'img') return picture(node.getAttribute('src') ?? '', node.getAttribute('alt') ?? '')
  if (name === 'script' || name === 'style' || name === 'template') return null
  const children = nodesOf(node, depth + 1)
  if (!allowed.has(name)) return children
  if (name === 'a') return link(node.getAttribute('href') ?? '', children)
  if (heading.test(name)) return h('p', { class: 'heading' }, children)
  if (name === 'table') return h('div', { class: 'wide', tabIndex: 0 }, h('table', null, children))
  return h(name, null, children)
}

/** The server names no picture but its own; what cannot be loaded leaves its words. */
function picture(src: string, alt: string): ComponentChild {
  return /^https?:/.test(src) ? h('img', { src, alt, loading: 'lazy', style: 'max-width:100%' }) : alt
}

function link(href: string, children: ComponentChild[]): ComponentChild {
  if (!/^(https?:|mailto:|tel:)/i.test(href)) return children
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, children)
}

const webAddress = /https?:\/\/[^\s<>"'，。；！？、）】」]+[^\s<>"'，。；！？、）】」.,;:!?)\]]/g

/** Plain text with its web addresses as links. */
export function plainNodes(text: string): ComponentChild[] {
  const nodes: ComponentChild[] = []
  let from = 0
  for (const found of text.matchAll(webAddress)) {
    nodes.push(text.slice(from, found.index), link(found[0], [found[0]]))
    from = found.index + found[0].length
  }
  nodes.push(text.slice(from))
  return nodes
}
