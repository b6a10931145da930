import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { compareCursors } from '../core/cursor'
import { formatDay } from '../core/format'
import { lastCursor } from '../core/messages'
import { timeline, type Row } from '../core/timeline'
import { Bubble, OutgoingBubble } from './bubble'
import { useTools } from './context'
import { Icon } from './icons'
import { Stars } from './parts'
import type { View } from '../core/store'

const near = 60

type Place = { current: HTMLDivElement | null }

/** The conversation: it stays at the newest message while the visitor is there, and stands still when not. */
export function Thread({ view }: { view: View }) {
  const { chat, words } = useTools()
  const box = useRef<HTMLDivElement>(null)
  const inner = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const sized = useRef('')
  const sent = useRef<string | undefined>(undefined)
  const [away, setAway] = useState(false)
  const newAfter = useNews(view)
  const rows = useMemo(() => timeline(view.messages, view.outbox, newAfter), [view.messages, view.outbox, newAfter])
  const newest = view.outbox.length === 0 ? newestOf(view.messages) : ''
  // Who says something wants to see it, and what comes back.
  const saying = view.outbox[view.outbox.length - 1]?.clientId
  if (saying && saying !== sent.current) atEnd.current = true
  sent.current = saying ?? sent.current
  useKeepPlace(box, inner, atEnd, [rows, view.typing, view.standing.status], view.messages[0]?.cursor ?? '')
  useEffect(() => {
    if (view.open && atEnd.current) chat.seen()
  }, [view.open, view.messages])

  const scrolled = (): void => {
    const b = box.current
    if (!b) return
    // Only the visitor leaves the end: a window that changes or content that grows may move it too, and moves it back.
    const size = `${b.clientHeight} ${b.scrollHeight}`
    if (size !== sized.current && atEnd.current) b.scrollTop = b.scrollHeight
    else atEnd.current = b.scrollHeight - b.scrollTop - b.clientHeight < near
    sized.current = size
    setAway(!atEnd.current)
    if (atEnd.current) chat.seen()
    if (b.scrollTop < near && view.more) void chat.older()
  }
  const jump = (): void => box.current?.scrollTo({ top: box.current.scrollHeight })

  return (
    <div class="middle">
      <div class="thread" ref={box} onScroll={scrolled} tabIndex={0} role="region" aria-label={words.title}>
        <div ref={inner}>
          {view.more && (
            <button type="button" class="older" disabled={view.loadingOlder} onClick={() => void chat.older()}>
              {view.loadingOlder ? words.loading : words.history}
            </button>
          )}
          {view.phase === 'starting' && view.messages.length === 0 && !view.config ? <Skeleton /> : null}
          {!view.more && view.config && <Greeting view={view} />}
          <ul>
            {rows.map((row) => (
              <RowView key={row.key} row={row} newest={newest} />
            ))}
            {view.typing && <Typing view={view} />}
          </ul>
          {view.standing.status === 'resolved' && view.messages.length > 0 && <p class="note">{words.resolved}</p>}
          {view.standing.canRate && view.outbox.length === 0 && <Stars view={view} />}
        </div>
      </div>
      {away && (
        <button type="button" class="jump" aria-label={words.jump} title={words.jump} onClick={jump}>
          <Icon name="down" />
          {view.unread > 0 && <b>{view.unread}</b>}
        </button>
      )}
    </div>
  )
}

/** The place of the visitor's newest message. */
function newestOf(messages: View['messages']): string | undefined {
  for (let i = messages.length - 1; i >= 0; i--) if (messages[i]?.from === 'contact') return messages[i]?.cursor
  return undefined
}

/** Where the news begin that waited when the panel opened, or ''. What comes later is seen as it comes. */
function useNews(view: View): string {
  const [readTo] = useState(view.readTo)
  const line = useRef<string | undefined>(undefined)
  if (line.current === undefined && view.phase === 'ready') {
    const last = lastCursor(view.messages)
    line.current = readTo !== '' && last !== '' && compareCursors(last, readTo) > 0 ? readTo : ''
  }
  return line.current ?? readTo
}

/** Keeps the end in view while the visitor is there, and the same message in view when older ones come in above. */
function useKeepPlace(box: Place, inner: Place, atEnd: { current: boolean }, causes: unknown[], firstCursor: string): void {
  const before = useRef({ first: firstCursor, height: 0 })
  useLayoutEffect(() => {
    const b = box.current
    if (!b) return
    if (atEnd.current) b.scrollTop = b.scrollHeight
    else if (before.current.first !== firstCursor) b.scrollTop += b.scrollHeight - before.current.height
    before.current = { first: firstCursor, height: b.scrollHeight }
  }, [...causes, firstCursor])
  useEffect(() => {
    const b = box.current
    if (!b || !('ResizeObserver' in window)) return
    const watcher = new ResizeObserver(() => {
      if (atEnd.current) b.scrollTop = b.scrollHeight
    })
    watcher.observe(b)
    if (inner.current) watcher.observe(inner.current)
    return () => watcher.disconnect()
  }, [])
}

/** One row of a conversation. */
export function RowView({ row, newest }: { row: Row; newest: string | undefined }) {
  const { tag, words } = useTools()
  switch (row.kind) {
    case 'day':
      return <li class="day">{formatDay(row.at, Date.now(), tag, words)}</li>
    case 'unread':
      return <li class="day new">{words.newMessages}</li>
    case 'note':
      return <li class="note">{row.message.text}</li>
    case 'message':
      return <Bubble message={row.message} first={row.first} last={row.last} newest={row.message.cursor === newest} answer={row.answer} />
    case 'outgoing':
      return <OutgoingBubble outgoing={row.outgoing} first={row.first} />
  }
}

function Greeting({ view }: { view: View }) {
  const { chat, words } = useTools()
  const { config } = view
  if (!config) return null
  const fresh = view.messages.length === 0 && view.outbox.length === 0
  return (
    <div class="greeting">
      {config.greeting && (
        <div class="row ours first">
          <span class="author">{config.bot ? words.botName : config.name || words.agentName}</span>
          <div class="bubble">{config.greeting}</div>
        </div>
      )}
      {fresh && view.phase === 'ready' && config.quickReplies.length > 0 && (
        <div class="choices" role="group" aria-label={words.suggestions}>
          {config.quickReplies.map((q) => (
            <button type="button" key={q} onClick={() => chat.send(q)}>
              {q}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function Typing({ view }: { view: View }) {
  const { words } = useTools()
  return (
    <li class="row ours first typing">
      <span class="hidden">{view.typing === 'agent' ? words.typingAgent(view.standing.agent) : words.typingBot}</span>
      <div class="bubble" aria-hidden="true">
        <i />
        <i />
        <i />
      </div>
    </li>
  )
}

function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <i />
      <i />
    </div>
  )
}
