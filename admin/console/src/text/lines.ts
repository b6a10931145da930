/** Adds each non-empty line of a text to a list, without doubles (case and space do not count). */
export function mergeLines(list: readonly string[], text: string): string[] {
  const seen = new Set(list.map(fold))
  const result = [...list]
  for (const line of text.split(/\r?\n/)) {
    const clean = line.replace(/\s+/g, ' ').trim()
    if (!clean || seen.has(fold(clean))) continue
    seen.add(fold(clean))
    result.push(clean)
  }
  return result
}

function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase()
}
