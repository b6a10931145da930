import { useRef, useState } from 'preact/hooks'
import { formatMoment } from '../core/format'
import { Face } from './face'
import { Icon } from './icons'
import { Menu } from './parts'
import { useTools } from './context'
import { useOffline } from './status'
import type { View } from '../core/store'
import type { Words } from '../words/words'

/** Who answers, whether they do now, the way to a person, and the way out. */
export function Header({ view, onClose }: { view: View; onClose: (() => void) | undefined }) {
  const { chat, words, tag } = useTools()
  const { standing, config } = view
  const linked = !useOffline() && view.up && view.phase === 'ready'
  const withAgent = standing.status === 'agent'
  const name = withAgent ? standing.agent || words.agentName : config?.name || words.title
  const asksBot = standing.status !== 'agent' && standing.status !== 'queued'
  const answered = linked && (standing.online || (asksBot && (config?.bot ?? false)))
  return (
    <header>
      <span class="avatar">
        <Face name={name} picture={withAgent ? standing.picture : ''} person={withAgent} />
        <i class={answered ? 'on' : 'off'} />
      </span>
      <div class="who">
        <h2 id="title" tabIndex={-1}>
          {name}
        </h2>
        <p>{linked || view.phase === 'failed' ? presence(view, words, tag) : words.connecting}</p>
      </div>
      {asksBot && view.phase === 'ready' && (
        <button type="button" class="human" aria-label={words.human} title={words.human} onClick={() => void chat.human()}>
          <Icon name="person" />
          {words.humanShort}
        </button>
      )}
      <More view={view} />
      {onClose && (
        <button type="button" class="plain" aria-label={words.close} title={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
    </header>
  )
}

/** The button of what is needed now and then. */
function More({ view }: { view: View }) {
  const { words } = useTools()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = (focus: boolean): void => {
    setOpen(false)
    if (focus) button.current?.focus()
  }
  return (
    <div class="more">
      <button type="button" ref={button} class="plain" aria-haspopup="menu" aria-expanded={open} aria-label={words.more} title={words.more} onClick={() => setOpen(!open)}>
        <Icon name="dots" />
      </button>
      {open && <Menu view={view} onClose={close} />}
    </div>
  )
}

/** What may be expected of whoever is on the other side. */
export function presence(view: View, words: Words, tag: string): string {
  const { standing, config } = view
  if (standing.status === 'agent') return words.withAgent
  if (standing.status === 'queued') return standing.online ? words.queueWaiting : closed(view, words, tag) || words.teamAway
  if (!config) return ''
  if (config.bot) return words.answersNow
  return standing.online ? words.teamOnline : closed(view, words, tag) || words.teamOffline
}

function closed({ config }: View, words: Words, tag: string): string {
  const hours = config?.hours
  if (!hours || hours.open) return ''
  return hours.opensAt ? words.closedUntil(formatMoment(hours.opensAt, Date.now(), tag)) : words.closedNow
}
