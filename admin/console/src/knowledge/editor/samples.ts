import type { AnswerSample } from '../../api/types'
import type { Phrase, Values } from '../../i18n'

/** What a sample is shown on: a letter, or the bubbles of a chat. */
export function lookOf(sample: AnswerSample): 'letter' | 'chat' {
  return sample.html !== undefined && sample.kind === 'email' ? 'letter' : 'chat'
}

export interface Piece { text: string; href?: string }

/** A text with WeChat's one element, the link, as runs: markup of ours is never put into a page. */
export function pieces(text: string): Piece[] {
  const list: Piece[] = []
  let at = 0
  for (const match of text.matchAll(/<a href="(https?:[^"]*)">([^<]*)<\/a>/g)) {
    if (match.index > at) list.push({ text: text.slice(at, match.index) })
    list.push({ text: match[2] ?? '', href: match[1] })
    at = match.index + match[0].length
  }
  if (at < text.length) list.push({ text: text.slice(at) })
  return list
}

/** What the channel counts of a sample, as a phrase; null where it counts nothing. */
export function measure(sample: AnswerSample): { key: Phrase; values: Values } | null {
  if (sample.unit === 'bytes') return { key: 'sample.bytes', values: { n: sample.texts.length, used: sample.used, limit: sample.limit } }
  if (sample.unit === 'parts') return { key: 'sample.parts', values: { n: sample.used, encoding: sample.encoding ?? '', left: sample.left } }
  return null
}
