import { compareCursors } from './cursor'
import type { Outgoing } from './outbox'
import type { Message } from './types'

/** One thing to draw in the thread. */
export type Row =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'note'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message; first: boolean; last: boolean; answer: string | undefined }
  | { kind: 'outgoing'; key: string; outgoing: Outgoing; first: boolean }

const together = 5 * 60_000

/** Lays messages and what is still to be sent out as rows: days, the line before what is new, groups of one author. */
export function timeline(messages: readonly Message[], outbox: readonly Outgoing[], newAfter: string): Row[] {
  const rows: Row[] = []
  let day = ''
  let marked = newAfter === ''
  messages.forEach((m, i) => {
    const before = messages[i - 1]
    if (dayOf(m.at) !== day) rows.push({ kind: 'day', key: `d${m.cursor}`, at: m.at })
    day = dayOf(m.at)
    if (!marked && m.from !== 'contact' && compareCursors(m.cursor, newAfter) > 0) {
      rows.push({ kind: 'unread', key: 'unread' })
      marked = true
    }
    if (m.from === 'system') rows.push({ kind: 'note', key: m.cursor, message: m })
    else rows.push({ kind: 'message', key: m.cursor, message: m, first: !joined(before, m), last: !joined(m, messages[i + 1]), answer: answerTo(m, i, messages, outbox) })
  })
  const last = messages[messages.length - 1]
  outbox.forEach((o, i) => {
    if (dayOf(o.at) !== day) rows.push({ kind: 'day', key: `d${o.clientId}`, at: o.at })
    day = dayOf(o.at)
    rows.push({ kind: 'outgoing', key: o.clientId, outgoing: o, first: i === 0 && last?.from !== 'contact' })
  })
  return rows
}

/** What the visitor said after a message with choices, sent or still on its way; another offer says as much as nothing. */
function answerTo(m: Message, at: number, messages: readonly Message[], outbox: readonly Outgoing[]): string | undefined {
  if (m.choices.length === 0) return undefined
  const next = messages.slice(at + 1).find((n) => n.from === 'contact' || n.choices.length > 0)
  return next ? (next.from === 'contact' ? next.text : '') : outbox[0]?.text
}

function joined(a: Message | undefined, b: Message | undefined): boolean {
  if (!a || !b || a.from !== b.from || a.author !== b.author) return false
  return b.at - a.at < together && dayOf(a.at) === dayOf(b.at)
}

function dayOf(at: number): string {
  const d = new Date(at)
  return `${d.getFullYear()}-${d.getMonth()}-${d.getDate()}`
}
