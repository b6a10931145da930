import { initials } from '../desk/pinyin'

export type Group = 'now' | 'go' | 'found' | 'find' | 'more'

/** One thing the palette does; a quiet one is shown only when it was looked for. */
export interface Command { id: string; group: Group; label: string; key?: string; quiet?: boolean; run: () => void }

/** The commands that fit all the words of a query, in their order; Chinese is found by its initials too. */
export function matching(all: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return all.filter((one) => !one.quiet)
  return all.filter((one) => {
    const label = one.label.toLowerCase()
    const letters = initials(one.label)
    return words.every((word) => label.includes(word) || (word.length > 1 && letters.includes(word)))
  })
}
