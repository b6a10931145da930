import type { Conversation, Criteria } from '../api/types'
import { viewClock } from './sla'

/** Stands in criteria for whoever looks. */
export const looker = -1

/** How many things the criteria narrow. */
export function narrowed(criteria: Criteria): number {
  return Object.values(criteria).filter((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value))).length
}

/** The criteria without what is empty, so that two that mean the same are written the same. */
export function tidy(criteria: Criteria): Criteria {
  const kept = Object.entries(criteria).filter(([key, value]) => key !== 'q' && (Array.isArray(value) ? value.length > 0 : Boolean(value)))
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))) as Criteria
}

export function same(a: Criteria, b: Criteria): boolean {
  return JSON.stringify(tidy(a)) === JSON.stringify(tidy(b))
}

/** Whether a conversation meets the criteria, as the server would say; what changes with time is judged as of now. */
export function meets(c: Conversation, criteria: Criteria, me: number, now: number): boolean {
  return placed(c, criteria, me) && labelled(c, criteria) && timed(c, criteria, now) && promised(c, criteria, now)
}

function among<T>(list: readonly T[] | undefined, value: T): boolean {
  return !list?.length || list.includes(value)
}

function placed(c: Conversation, criteria: Criteria, me: number): boolean {
  const owners = criteria.owners?.map((id) => (id === looker ? me : id))
  return among(criteria.status, c.status) && among(criteria.inboxes, c.inbox_id) && among(criteria.channels, c.channel) &&
    among(criteria.teams, c.team?.id ?? 0) && among(owners, c.agent?.id ?? 0)
}

function labelled(c: Conversation, criteria: Criteria): boolean {
  if (criteria.tags?.length && !criteria.tags.some((tag) => c.tags.includes(tag))) return false
  if (criteria.without_tags?.some((tag) => c.tags.includes(tag))) return false
  return among(criteria.priorities, c.priority) && among(criteria.tiers, c.tier ?? '') && among(criteria.languages, c.language ?? '') &&
    (!criteria.unread || c.unread > 0)
}

function timed(c: Conversation, criteria: Criteria, now: number): boolean {
  const created = Date.parse(c.created_at)
  if (criteria.waiting_minutes) {
    const since = c.status === 'open' && c.waiting_since ? Date.parse(c.waiting_since) : Infinity
    if (now - since < criteria.waiting_minutes * 60_000) return false
  }
  if (criteria.created_days && created < now - criteria.created_days * 86_400_000) return false
  if (criteria.created_after && created < Date.parse(criteria.created_after)) return false
  return !criteria.created_before || created < Date.parse(criteria.created_before)
}

const states = { at_risk: 'warn', breached: 'breached' } as const

/** Only a clock that runs is nearly up, or is. */
function promised(c: Conversation, criteria: Criteria, now: number): boolean {
  if (!criteria.sla?.length) return true
  const running = (c.sla ?? []).filter((one) => one.due_at).map((one) => viewClock(one, now).state)
  return c.status === 'open' && criteria.sla.some((state) => running.includes(states[state]))
}
