import { useMemo } from 'preact/hooks'
import { formatFull, formatTime } from '../core/format'
import { useTools } from './context'
import { Files } from './files'
import { Icon } from './icons'
import { Rating } from './rating'
import { plainNodes, richNodes } from './rich'
import type { Outgoing } from '../core/outbox'
import type { Message } from '../core/types'

interface Props {
  message: Message
  first: boolean
  last: boolean
  /** Whether this is the newest message: only its choices can still be pressed. */
  newest: boolean
}

/** One message that the server has. */
export function Bubble({ message: m, first, last, newest }: Props) {
  const { tag, words } = useTools()
  const mine = m.from === 'contact'
  const body = useMemo(() => (m.html ? richNodes(m.html) : undefined) ?? plainNodes(m.text), [m.html, m.text])
  const name = mine ? words.you : m.author || (m.from === 'bot' ? words.botName : words.agentName)
  return (
    <li class={`row ${mine ? 'mine' : 'ours'} ${first ? 'first' : ''}`}>
      {first && !mine ? <span class="author">{name}</span> : <span class="hidden">{name}</span>}
      {(m.text !== '' || m.html !== '') && <div class={m.html ? 'bubble rich' : 'bubble'}>{body}</div>}
      <Files files={m.attachments} />
      <div class="foot">
        {last && (
          <span class="meta">
            <time dateTime={new Date(m.at).toISOString()} title={formatFull(m.at, tag)}>
              {formatTime(m.at, tag)}
            </time>
            {mine && newest && <span>{m.delivery === 'read' ? words.read : words.sent}</span>}
          </span>
        )}
        {m.canRate && <Rating message={m} />}
      </div>
      {newest && <Choices message={m} />}
    </li>
  )
}

function Choices({ message: m }: { message: Message }) {
  const { chat, words } = useTools()
  if (m.choices.length === 0) return null
  return (
    <div class="choices" role="group" aria-label={words.choices}>
      {m.choices.map((c) => (
        <button type="button" key={c.value} onClick={() => chat.send(c.label, { choice: c.value })}>
          {c.label}
        </button>
      ))}
    </div>
  )
}

/** One message that is still on its way. */
export function OutgoingBubble({ outgoing: o, first }: { outgoing: Outgoing; first: boolean }) {
  const { chat, words } = useTools()
  const refused = o.refused !== undefined
  const stuck = refused || o.tries > 0
  return (
    <li class={`row mine ${first ? 'first' : ''} ${stuck ? 'stuck' : 'going'}`}>
      <span class="hidden">{words.you}</span>
      {o.text !== '' && <div class="bubble">{plainNodes(o.text)}</div>}
      <Files files={o.attachments} />
      {stuck ? (
        <span class="meta bad">
          <Icon name="alert" />
          <span>{refused ? o.refused || words.refused : words.notSent}</span>
          <button type="button" onClick={() => chat.retry(o.clientId)}>
            {words.retry}
          </button>
          <button type="button" onClick={() => chat.discard(o.clientId)}>
            {words.discard}
          </button>
        </span>
      ) : (
        <span class="meta">{words.sending}</span>
      )}
    </li>
  )
}
