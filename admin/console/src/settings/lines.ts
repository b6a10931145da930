/** A setting of lines as a list to edit; there is always a line to write in. */
export function toLines(value: string): string[] {
  const lines = value.split('\n').filter((line) => line !== '')
  return lines.length ? lines : ['']
}

export function fromLines(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).filter((line) => line !== '').join('\n')
}

export interface Pair { left: string; right: string }

/** A setting of "left=right" lines; what follows the first "=" is all right, and \n in it is a new line. */
export function toPairs(value: string): Pair[] {
  return toLines(value).map((line) => {
    const at = line.indexOf('=')
    return at < 0 ? { left: line, right: '' } : { left: line.slice(0, at).trim(), right: line.slice(at + 1).trim().replaceAll('\\n', '\n') }
  })
}

export function fromPairs(pairs: readonly Pair[]): string {
  return pairs.filter((one) => one.left.trim() !== '' || one.right.trim() !== '')
    .map((one) => `${one.left.trim().replaceAll('=', '＝')}=${one.right.trim().replaceAll('\n', '\\n')}`).join('\n')
}
