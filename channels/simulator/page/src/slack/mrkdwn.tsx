import type { ComponentChildren, VNode } from 'preact'

const mark = /<([^<>]+)>|\*([^*\n]+)\*|_([^_\n]+)_|`([^`\n]+)`/g

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** What stands in angle brackets: links, channels, people, dates. */
function pointed(inside: string, people: Map<string, string>): ComponentChildren {
  const [target = '', label] = inside.split('|')
  if (target.startsWith('!date^')) return moment(target, label ?? '')
  if (target.startsWith('!')) return `@${target.slice(1)}`
  if (target.startsWith('#')) return `#${label ?? target.slice(1)}`
  if (target.startsWith('@')) return `@${label ?? people.get(target.slice(1)) ?? target.slice(1)}`
  if (!/^https?:/.test(target)) return plain(label ?? target)
  return <a href={target} target="_blank" rel="noreferrer">{plain(label ?? target)}</a>
}

function moment(target: string, fallback: string): string {
  const seconds = Number(target.split('^')[1])
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' }) : fallback
}

function line(text: string, people: Map<string, string>): ComponentChildren[] {
  const parts: ComponentChildren[] = []
  let at = 0
  for (const found of text.matchAll(mark)) {
    parts.push(plain(text.slice(at, found.index)))
    const [, inside, bold, italic, code] = found
    if (inside !== undefined) parts.push(pointed(inside, people))
    else if (bold !== undefined) parts.push(<b>{line(bold, people)}</b>)
    else if (italic !== undefined) parts.push(<i>{line(italic, people)}</i>)
    else parts.push(<code>{plain(code ?? '')}</code>)
    at = found.index + found[0].length
  }
  parts.push(plain(text.slice(at)))
  return parts
}

/** Slack's markup, as elements: nothing in it can be more than text and links. */
export function Mrkdwn({ text, people }: { text: string; people: Map<string, string> }): VNode {
  return <>{text.split('\n').map((one, i) => {
    const quoted = /^(>|&gt;) ?/.exec(one)
    return quoted ? <span key={i} class="sq">{line(one.slice(quoted[0].length), people)}</span> : <span key={i} class="sl">{line(one, people)}</span>
  })}</>
}
