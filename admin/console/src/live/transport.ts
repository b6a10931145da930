import { buildUrl } from '../api/client'
import type { StreamEvent } from '../api/types'

/** A frame of the stream: a numbered event, or a hint that is gone when missed. */
export type Frame = StreamEvent | Hint
export interface Hint {
  kind: 'typing' | 'viewing' | 'presence' | 'offer' | 'notice' | 'later' | 'reset'
  n?: undefined
  conversation_id?: number
  from?: 'contact' | 'agent'
  agent_id?: number
  name?: string
  presence?: string
  offer_id?: number
  outcome?: string
  away?: boolean
}

export interface Handlers { open: () => void; frame: (frame: Frame) => void; closed: () => void }

/** Opens one connection after an event number; returns how to close it. */
export type Transport = (after: number, on: Handlers) => () => void

export const webSocket: Transport = (after, on) => {
  const url = new URL(buildUrl('/events', {}, { after: String(after) }), location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  const socket = new WebSocket(url)
  socket.onopen = on.open
  socket.onmessage = (message) => read(message.data, on.frame)
  socket.onclose = on.closed
  return () => {
    socket.onclose = null
    socket.close()
  }
}

const names = ['conversation', 'message_state', 'typing', 'viewing', 'presence', 'offer', 'notice', 'later', 'reset']

export const eventSource: Transport = (after, on) => {
  const source = new EventSource(buildUrl('/events', {}, { after: String(after) }))
  const take = (message: MessageEvent) => read(message.data, on.frame)
  source.onopen = on.open
  source.onmessage = take
  for (const name of names) source.addEventListener(name, take as EventListener)
  source.onerror = () => {
    source.close()
    on.closed()
  }
  return () => source.close()
}

function read(data: unknown, take: (frame: Frame) => void): void {
  try {
    const frame = JSON.parse(String(data)) as Frame
    if (typeof frame.kind === 'string') take(frame)
  } catch {
    // A frame we cannot read is a gap, and the next numbered one shows it.
  }
}
