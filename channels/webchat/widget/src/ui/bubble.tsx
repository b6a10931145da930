import { useMemo } from 'preact/hooks'
import { formatFull, formatTime } from '../core/format'
import { useTools } from './context'
import { Face } from './face'
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
  /** Whether this is the newest message of the visitor: it shows how far it came. */
  newest: boolean
  /** What the visitor said after it: then its choices are spent. */
  answer: string | undefined
}

/** An answer longer than this (characters) shows its beginning, and the rest as a page. */
const long = 600

/** One message that the server has. */
export function Bubble({ message: m, first, last, newest, answer }: Props) {
  const { tag, words } = useTools()
  const mine = m.from === 'contact'
  const rich = useMemo(() => (m.html ? richNodes(m.html, mine ? undefined : long) : undefined), [m.html])
  const name = mine ? words.you : m.author || (m.from === 'bot' ? words.botName : words.agentName)
  return (
    <li class={`row ${mine ? 'mine' : 'ours'} ${first ? 'first' : ''} ${m.from}`}>
      {first && !mine ? (
        <span class="author">
          {m.from === 'agent' && <Face name={name} picture={m.picture} person />}
          {name}
        </span>
      ) : (
        <span class="hidden">{name}</span>
      )}
      {(m.text !== '' || m.html !== '') && (
        <div class={rich ? 'bubble rich' : 'bubble'} dir="auto">
          {rich ? rich.nodes : plainNodes(m.text)}
          {rich?.cut && <ReadAll message={m} />}
        </div>
      )}
      <Files files={m.attachments} />
      <div class="foot">
        {last && (
          <span class="meta">
            <time dateTime={new Date(m.at).toISOString()} title={formatFull(m.at, tag)}>
              {formatTime(m.at, tag)}
            </time>
            {mine && newest && <Delivery state={m.delivery} />}
          </span>
        )}
        {m.canRate && <Rating message={m} />}
      </div>
      <Choices message={m} answer={answer} />
    </li>
  )
}

function ReadAll({ message }: { message: Message }) {
  const { words, show } = useTools()
  return (
    <button type="button" class="text whole" onClick={() => show({ kind: 'reader', message })}>
      {words.readAll}
    </button>
  )
}

/** How far the visitor's message has come. */
function Delivery({ state }: { state: string }) {
  const { words } = useTools()
  const word = state === 'read' ? words.read : state === 'delivered' ? words.delivered : words.sent
  return (
    <span class={`tick ${state}`}>
      <Icon name={state === 'sent' ? 'check' : 'twice'} />
      {word}
    </span>
  )
}

/** The choices of a message. Once the visitor has gone on they stay to be read, with what was chosen marked. */
function Choices({ message: m, answer }: { message: Message; answer: string | undefined }) {
  const { chat, words } = useTools()
  if (m.choices.length === 0) return null
  const spent = answer !== undefined
  return (
    <div class={`choices ${spent ? 'spent' : ''}`} role="group" aria-label={words.choices}>
      {m.choices.map((c) => {
        if (!spent) {
          return (
            <button type="button" key={c.value} onClick={() => chat.send(c.label, { choice: c.value })}>
              {c.label}
            </button>
          )
        }
        const chosen = answer === c.label
        return (
          <span key={c.value} class={chosen ? 'chosen' : ''}>
            {c.label}
            {chosen && <span class="hidden"> ({words.chosen})</span>}
          </span>
        )
      })}
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
      {o.text !== '' && <div class="bubble" dir="auto">{plainNodes(o.text)}</div>}
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
