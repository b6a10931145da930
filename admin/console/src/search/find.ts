import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** What the search page looks for; kept in the address, so that it can be shared and gone back to. */
export interface Search {
  q: string
  inbox: string
  team: string
  agent: string
  status: string
  sender: string
  tag: string
  from: string
  to: string
  files: boolean
}

export const filters = ['inbox', 'team', 'agent', 'status', 'sender', 'tag', 'from', 'to'] as const

export function readSearch(query: LocationQuery): Search {
  const text = (key: string) => (typeof query[key] === 'string' ? query[key] as string : '')
  return { q: text('q'), inbox: text('inbox'), team: text('team'), agent: text('agent'), status: text('status'), sender: text('sender'), tag: text('tag'), from: text('from'), to: text('to'), files: text('files') === '1' }
}

/** The address of a search; what is empty is left out. */
export function writeSearch(search: Search): LocationQueryRaw {
  const query: LocationQueryRaw = {}
  for (const key of ['q', ...filters] as const) if (search[key]) query[key] = search[key]
  if (search.files) query.files = '1'
  return query
}

export const narrowed = (search: Search): boolean => search.files || filters.some((key) => search[key] !== '')

/** The parameters of the call: days are whole days of the reader's. */
export function paramsOf(search: Search): Record<string, unknown> & { q: string } {
  const number = (text: string) => (text ? Number(text) : undefined)
  return {
    q: search.q.trim(), inbox_id: number(search.inbox), team_id: number(search.team), agent_id: number(search.agent),
    status: search.status || undefined, sender: search.sender || undefined, tag: search.tag || undefined, attachment: search.files || undefined,
    from: dayStart(search.from, 0), to: dayStart(search.to, 1),
  }
}

function dayStart(day: string, plus: number): string | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!parts) return undefined
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + plus).toISOString()
}
