import type { ArticleFinding } from '../../api/types'

const grave = new Set<ArticleFinding['kind']>(['conflict', 'same_question', 'unknown_variable', 'dead_link', 'ended', 'too_long'])

/** Whether a customer would notice. */
export function serious(one: ArticleFinding): boolean {
  return grave.has(one.kind)
}

/** What customers would notice first, each thing once. */
export function sorted(list: readonly ArticleFinding[]): ArticleFinding[] {
  const seen = new Set<string>()
  const once = list.filter((one) => {
    const key = JSON.stringify(one)
    return !seen.has(key) && seen.add(key)
  })
  return [...once.filter(serious), ...once.filter((one) => !serious(one))]
}
