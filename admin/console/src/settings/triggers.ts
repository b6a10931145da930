import type { TriedRule, TriggerTrial } from '../api/types'

/** What several looks at the past have found, added up. */
export interface Tried { looked: number; then: number; now: number; oldest: string; rules: TriedRule[] }

const examples = 5

/** Adds one part of a trial to what was found before. */
export function addTrial(sum: Tried | null, part: TriggerTrial): Tried {
  const rules = part.rules.map((one, at) => {
    const before = sum?.rules[at]
    const seen = [...(before?.examples ?? []), ...one.examples]
    seen.sort((a, b) => Number(b.changed) - Number(a.changed))
    return {
      matched: one.matched + (before?.matched ?? 0), changed: one.changed + (before?.changed ?? 0), unknown: one.unknown + (before?.unknown ?? 0), examples: seen.slice(0, examples),
    }
  })
  return { looked: part.looked_at + (sum?.looked ?? 0), then: part.handed_then + (sum?.then ?? 0), now: part.handed_now + (sum?.now ?? 0), oldest: part.oldest_at ?? sum?.oldest ?? '', rules }
}
