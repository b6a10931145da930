import { compareCursors } from './cursor'
import type { Message } from './types'

/** Adds messages to those that are there: in order, each place once; a place that comes again is brought up to date. */
export function mergeMessages(has: readonly Message[], more: readonly Message[]): Message[] {
  if (more.length === 0) return has as Message[]
  const byCursor = new Map(has.map((m) => [m.cursor, m]))
  for (const m of more) byCursor.set(m.cursor, m)
  return [...byCursor.values()].sort((a, b) => compareCursors(a.cursor, b.cursor))
}

/** Applies news about a message that is there: how far it came, what the visitor thought of it. */
export function applyState(
  has: readonly Message[],
  news: { conversation: string; seq: string; delivery: string; helpful?: boolean },
): Message[] {
  const cursor = `${news.conversation}.${news.seq}`
  return has.map((m) => {
    if (m.cursor !== cursor) return m
    const next = { ...m, delivery: news.delivery || m.delivery }
    return news.helpful === undefined ? next : { ...next, helpful: news.helpful }
  })
}

/** How many messages of ours the visitor has not read. */
export function countUnread(messages: readonly Message[], readTo: string): number {
  return messages.filter((m) => m.from !== 'contact' && m.from !== 'system' && (readTo === '' || compareCursors(m.cursor, readTo) > 0)).length
}

/** The place of the last message, or ''. */
export function lastCursor(messages: readonly Message[]): string {
  return messages[messages.length - 1]?.cursor ?? ''
}
