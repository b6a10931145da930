/** One group a line, its words divided by commas of either kind. */
export function groupsOf(text: string): string[][] {
  return text.split('\n').map((line) => line.split(/[,，、;；]/).map((word) => word.trim()).filter(Boolean)).filter((group) => group.length > 1)
}

export function linesOf(groups: string[][]): string {
  return groups.map((group) => group.join(', ')).join('\n')
}
