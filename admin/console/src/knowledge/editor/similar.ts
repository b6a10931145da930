import type { ArticleFinding } from '../../api/types'

/** What a list has that it had not before. */
export function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((one) => !before.includes(one))
}

/** The findings that keep a new wording out: another article is asked by it. */
export function refused(found: readonly ArticleFinding[], fresh: readonly string[]): ArticleFinding[] {
  return found.filter((one) => (one.kind === 'same_question' || one.kind === 'conflict') && one.text !== undefined && fresh.includes(one.text))
}
