/** A text with the selection in it. */
export interface Selected { text: string; start: number; end: number }

/** Puts marks around the selection, or takes them away when they are there. */
export function wrap({ text, start, end }: Selected, mark: string, placeholder: string): Selected {
  const inner = text.slice(start, end)
  const n = mark.length
  if (text.slice(start - n, start) === mark && text.slice(end, end + n) === mark) {
    return { text: text.slice(0, start - n) + inner + text.slice(end + n), start: start - n, end: end - n }
  }
  const words = inner || placeholder
  return { text: text.slice(0, start) + mark + words + mark + text.slice(end), start: start + n, end: start + n + words.length }
}

/** Begins each selected line with a mark ("- ", "## ", "1. " counts up), or takes it away when all have it. */
export function prefix({ text, start, end }: Selected, mark: string): Selected {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const stop = text.indexOf('\n', end)
  const to = stop < 0 ? text.length : stop
  const lines = text.slice(from, to).split('\n')
  const numbered = mark === '1. '
  const has = numbered ? /^\d+\. / : new RegExp(`^${mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
  const all = lines.every((line) => has.test(line))
  const next = lines.map((line, index) => (all ? line.replace(has, '') : (numbered ? `${index + 1}. ` : mark) + line.replace(has, ''))).join('\n')
  return { text: text.slice(0, from) + next + text.slice(to), start: from, end: from + next.length }
}

/** Makes the selection a link; the address is left selected to be typed over. */
export function link({ text, start, end }: Selected, placeholder: string): Selected {
  const words = text.slice(start, end) || placeholder
  const address = 'https://'
  const at = start + words.length + 3
  return { text: `${text.slice(0, start)}[${words}](${address})${text.slice(end)}`, start: at, end: at + address.length }
}
