import type { Explanation } from '../api/types'

export interface ExplainedHit { id: number; question: string; matched: string; confidence: number; revision: number; score: number; why: Feature[] }

/** What was measured of a hit, and how much it counted for how sure the bot was. */
export interface Feature { name: string; value: number; counts: number }

/** How many of the measures are shown; the record has all. */
const shownFeatures = 6

/** The parts of a stored explanation that people read; fields are only ever added on the server, so all are optional here. */
export interface Reading {
  act: string
  reason: string
  rule: string
  question: string
  intent: string
  mood: string
  terms: string[]
  policy: string
  threshold: number
  chosen: number
  other: string
  hits: ExplainedHit[]
  context: ExplainedContext | null
}

/** How a message was understood by what stood before it or around it. */
export interface ExplainedContext { rule: string; said: string; before: string; read: string; part: number; parts: number }

export function readExplanation(e: Explanation): Reading {
  const decision = record(e.decision)
  const policy = record(e.policy)
  const context = record(e.context)
  return {
    act: text(decision.act) || text(e.decision),
    reason: text(decision.reason),
    rule: text(e.rule),
    question: text(e.question),
    other: text(e.other_language),
    intent: text(e.intent),
    mood: text(e.mood),
    terms: list(e.terms).map(text).filter((term) => [...term].length > 1).slice(0, 12),
    policy: text(policy.version),
    threshold: number(policy.answer),
    chosen: number(decision.article),
    hits: list(e.hits).map(record).map((hit) => ({
      id: number(hit.article), question: text(hit.question), matched: text(hit.matched), confidence: number(hit.confidence), revision: number(hit.revision_number), score: number(hit.score), why: weightiest(list(hit.why).map(record)),
    })),
    context: text(context.rule) ? {
      rule: text(context.rule), said: text(context.said), before: text(context.before), read: text(context.read), part: number(context.part), parts: number(context.parts),
    } : null,
  }
}

/** The measures that counted most, either way. */
function weightiest(why: Record<string, unknown>[]): Feature[] {
  return why.map((one) => ({ name: text(one.name), value: number(one.value), counts: number(one.value) * number(one.confidence) }))
    .filter((one) => Math.abs(one.counts) >= 0.05 && one.name !== 'constant')
    .sort((a, b) => Math.abs(b.counts) - Math.abs(a.counts)).slice(0, shownFeatures)
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
