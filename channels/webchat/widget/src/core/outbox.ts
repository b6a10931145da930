import { backoff } from './backoff'
import type { Attachment, Message } from './types'

/** A message of the visitor that the server has not acknowledged yet. */
export interface Outgoing {
  clientId: string
  text: string
  attachments: Attachment[]
  choice?: string
  at: number
  tries: number
  /** Not before this time. */
  due: number
  /** Why the server refused it: then only the visitor tries again. */
  refused?: string
}

/** What went wrong with a try. */
export interface Fault {
  /** Trying again may help. */
  passing: boolean
  words: string
  /** The server's wish, in ms. */
  after?: number
}

/** Adds a message at the end; the same id again adds nothing. */
export function enqueue(box: readonly Outgoing[], next: Outgoing): Outgoing[] {
  return box.some((o) => o.clientId === next.clientId) ? [...box] : [...box, next]
}

/** The next message to send: the oldest that was not refused. Those behind it wait for it, due or not. */
export function nextToSend(box: readonly Outgoing[]): Outgoing | undefined {
  return box.find((o) => o.refused === undefined)
}

/** Takes away what the server has. */
export function acknowledge(box: readonly Outgoing[], messages: readonly Pick<Message, 'clientId'>[]): Outgoing[] {
  const there = new Set(messages.map((m) => m.clientId))
  return box.filter((o) => !there.has(o.clientId))
}

/** Notes a failed try. */
export function fail(box: readonly Outgoing[], clientId: string, fault: Fault, now: number, random: number): Outgoing[] {
  return box.map((o) => {
    if (o.clientId !== clientId) return o
    const tries = o.tries + 1
    if (!fault.passing) return { ...o, tries, refused: fault.words }
    return { ...o, tries, due: now + Math.max(fault.after ?? 0, backoff(tries, random)) }
  })
}

/** Makes a message due at once, with the id it has, so that the server takes it once. */
export function retryNow(box: readonly Outgoing[], clientId: string, now: number): Outgoing[] {
  return box.map((o) => {
    if (o.clientId !== clientId) return o
    const again = { ...o, due: now }
    delete again.refused
    return again
  })
}

/** Makes everything that waits for another try due at once: the network is back. */
export function wake(box: readonly Outgoing[], now: number): Outgoing[] {
  return box.map((o) => (o.refused === undefined && o.due > now ? { ...o, due: now } : o))
}

/** Takes a message away that the visitor gave up. */
export function discard(box: readonly Outgoing[], clientId: string): Outgoing[] {
  return box.filter((o) => o.clientId !== clientId)
}

/** Reads stored messages into the order in which they were written; what is damaged is left out. */
export function readOutbox(stored: readonly string[]): Outgoing[] {
  return stored.flatMap(readOutgoing).sort((a, b) => a.at - b.at || (a.clientId < b.clientId ? -1 : 1))
}

function readOutgoing(stored: string): Outgoing[] {
  try {
    const found: unknown = JSON.parse(stored)
    return isOutgoing(found) ? [found] : []
  } catch {
    return []
  }
}

function isOutgoing(value: unknown): value is Outgoing {
  if (typeof value !== 'object' || value === null) return false
  const o = value as Partial<Record<keyof Outgoing, unknown>>
  const numbers = [o.at, o.tries, o.due].every((n) => typeof n === 'number')
  const words = typeof o.clientId === 'string' && o.clientId !== '' && typeof o.text === 'string'
  return numbers && words && Array.isArray(o.attachments) && ['undefined', 'string'].includes(typeof o.refused)
}
