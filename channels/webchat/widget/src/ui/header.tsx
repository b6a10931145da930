import { Icon } from './icons'
import { useTools } from './context'
import type { View } from '../core/store'

/** Who answers, whether people are here, the way to a person, and the way out. */
export function Header({ view, onClose }: { view: View; onClose(): void }) {
  const { chat, words } = useTools()
  const { standing, config } = view
  const online = standing.online || (config?.online ?? false)
  const withAgent = standing.status === 'agent'
  const name = withAgent ? standing.agent || words.agentName : config?.name || words.title
  const asksBot = standing.status !== 'agent' && standing.status !== 'queued'
  return (
    <header>
      <span class={`face ${withAgent ? 'person' : ''}`} aria-hidden="true">
        {[...name][0]}
        <i class={online ? 'on' : 'off'} />
      </span>
      <div class="who">
        <h2 id="title" tabIndex={-1}>
          {name}
        </h2>
        <p>{presence(view, online, words)}</p>
      </div>
      {asksBot && view.phase === 'ready' && (
        <button type="button" class="human" aria-label={words.human} title={words.human} onClick={() => void chat.human()}>
          <Icon name="person" />
          {words.humanShort}
        </button>
      )}
      <button type="button" class="plain" aria-label={words.close} title={words.close} onClick={onClose}>
        <Icon name="close" />
      </button>
    </header>
  )
}

function presence(view: View, online: boolean, words: ReturnType<typeof useTools>['words']): string {
  if (view.standing.status === 'agent') return words.withAgent
  if (view.standing.status === 'queued') return online ? words.queueWaiting : words.teamAway
  if (!view.config) return ''
  if (view.config.bot) return words.answersNow
  return online ? words.teamOnline : words.teamOffline
}
