import type { Action, BulkRow, Conversation } from '../api/types'

/** The most conversations one call takes. */
export const atOnce = 100

/** What takes an action back, for each conversation as it was before; none where nothing can be taken back. */
export function inverse(action: Action, was: Conversation): Action | null {
  switch (action.kind) {
    case 'resolve': return was.status === 'resolved' ? null : { kind: 'reopen' }
    case 'snooze': return { kind: 'wake' }
    case 'tag': {
      const added = (action.tags ?? []).filter((tag) => !was.tags.includes(tag))
      return added.length ? { kind: 'untag', tags: added } : null
    }
    case 'untag': {
      const taken = (action.tags ?? []).filter((tag) => was.tags.includes(tag))
      return taken.length ? { kind: 'tag', tags: taken } : null
    }
    case 'priority': return was.priority === action.priority ? null : { kind: 'priority', priority: was.priority }
    case 'claim':
    case 'transfer':
      if (was.agent) return { kind: 'transfer', agent_id: was.agent.id, ...(was.team ? { team_id: was.team.id } : {}) }
      return was.status === 'open' ? { kind: 'release', to: 'queue' } : { kind: 'release', to: 'bot' }
    default: return null
  }
}

/** The calls that take an action back: conversations with the same way back go together. */
export function undoing(action: Action, before: readonly Conversation[], results: readonly BulkRow[]): { ids: number[]; actions: Action[] }[] {
  const done = new Set(results.filter((row) => row.ok).map((row) => row.id))
  const groups = new Map<string, { ids: number[]; actions: Action[] }>()
  for (const was of before) {
    const back = done.has(was.id) ? inverse(action, was) : null
    if (!back) continue
    const key = JSON.stringify(back)
    const group = groups.get(key) ?? { ids: [], actions: [back] }
    group.ids.push(was.id)
    groups.set(key, group)
  }
  return [...groups.values()]
}
