import type { Action } from '../api/types'
import { t } from '../i18n'

type Named = { id: number; name: string }

/** An action in a few words, such as "Add tags: refund". */
export function describeAction(action: Action, agents: readonly Named[], teams: readonly Named[]): string {
  const name = t(`action.${action.kind}`)
  const more = detail(action, agents, teams)
  return more ? `${name}: ${more}` : name
}

function detail(action: Action, agents: readonly Named[], teams: readonly Named[]): string {
  switch (action.kind) {
    case 'tag':
    case 'untag': return (action.tags ?? []).join(', ')
    case 'priority': return action.priority ? t(`priority.${action.priority}`) : ''
    case 'transfer': return teams.find((one) => one.id === action.team_id)?.name ?? agents.find((one) => one.id === action.agent_id)?.name ?? ''
    case 'snooze': return action.minutes ? t('time.minutes', { n: action.minutes }) : t('snooze.open')
    case 'note': return (action.text ?? '').slice(0, 40)
    default: return ''
  }
}
