/**
 * A place in what a visitor has seen: "conversation.seq". Numbers are compared as decimal text, because a
 * conversation's id may be larger than a number can hold.
 */

const pattern = /^(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})$/

/** Whether text is a cursor. */
export function isCursor(text: unknown): text is string {
  return typeof text === 'string' && pattern.test(text)
}

/** Negative when a comes before b, positive when after, 0 when they are the same place. */
export function compareCursors(a: string, b: string): number {
  const [conversationA = '', seqA = ''] = a.split('.')
  const [conversationB = '', seqB = ''] = b.split('.')
  return compareDecimals(conversationA, conversationB) || compareDecimals(seqA, seqB)
}

/** The later of two places; an empty one is before all. */
export function laterCursor(a: string, b: string): string {
  if (a === '') return b
  if (b === '') return a
  return compareCursors(a, b) >= 0 ? a : b
}

function compareDecimals(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
