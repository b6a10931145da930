import type { Message, MessageInput } from '../api/types'
import { dayOf } from '../text/time'

/** A message of ours that the server has not confirmed yet. */
export interface Outgoing { clientId: string; input: MessageInput; at: string; failed: string }

/** Joins messages by their number; a later version of the same message wins. */
export function merge(known: readonly Message[], incoming: readonly Message[]): Message[] {
  const bySeq = new Map(known.map((m) => [m.seq, m]))
  for (const m of incoming) bySeq.set(m.seq, m)
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/**
 * Adds the answer to our own call. The event about the same message may have been faster and is newer then; of a message
 * that was sent again, before is how it was.
 */
export function adopt(known: readonly Message[], answer: Message, before?: Message): Message[] {
  const present = known.find((m) => m.seq === answer.seq)
  return present && present !== before ? [...known] : merge(known, [answer])
}

/** Drops the optimistic bubbles that have arrived. */
export function confirmed(pending: readonly Outgoing[], messages: readonly Message[]): Outgoing[] {
  const arrived = new Set(messages.map((m) => m.client_id).filter(Boolean))
  return pending.filter((one) => !arrived.has(one.clientId))
}

/** The number from which messages must be fetched because one is missing, or 0. */
export function gapAfter(messages: readonly Message[]): number {
  for (let i = 1; i < messages.length; i++) {
    const earlier = messages[i - 1]
    const later = messages[i]
    if (earlier && later && later.seq !== earlier.seq + 1) return earlier.seq
  }
  return 0
}

export interface Day { day: string; at: string; messages: Message[] }

export function byDay(messages: readonly Message[]): Day[] {
  const days: Day[] = []
  for (const m of messages) {
    const day = dayOf(m.created_at)
    const last = days[days.length - 1]
    if (last?.day === day) last.messages.push(m)
    else days.push({ day, at: m.created_at, messages: [m] })
  }
  return days
}

/** Whether a message continues the one above it, so that its face and name need not be shown again. */
export function continues(above: Message | undefined, m: Message): boolean {
  if (!above || above.activity || above.sender !== m.sender || above.private !== m.private || m.sender === 'system') return false
  return above.agent?.id === m.agent?.id && Date.parse(m.created_at) - Date.parse(above.created_at) < 5 * 60_000
}
