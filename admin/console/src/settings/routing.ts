/** A named number of a form: tiers, channels, skills. */
export interface NumberPair { name: string; value: number }

/** The pairs of a map, by name, so that a form shows them in one order. */
export function pairsOf(map: Record<string, number> | undefined): NumberPair[] {
  return Object.entries(map ?? {}).sort(([a], [b]) => a.localeCompare(b)).map(([name, value]) => ({ name, value }))
}

/** The map of pairs; those without a name are left out. */
export function mapOf(pairs: readonly NumberPair[]): Record<string, number> {
  return Object.fromEntries(pairs.filter((one) => one.name.trim() !== '').map((one) => [one.name.trim(), Number(one.value) || 0]))
}

/** Words divided by commas, also Chinese ones. */
export function wordsOf(text: string): string[] {
  return text.split(/[,，、\n]/).map((word) => word.trim()).filter((word) => word !== '')
}
