/** A run of text that both versions have, or that only the new (add) or only the old one (del) has. */
export interface Run { kind: 'same' | 'add' | 'del'; text: string }

const tooMany = 4_000_000

const chinese = new Intl.Segmenter('zh', { granularity: 'word' })

/** Splits into words, spaces and signs; Chinese, which has no spaces, into the words that a reader sees. */
export function tokens(text: string): string[] {
  const pieces = text.match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}_])+|\s+|[^\p{L}\p{N}\s_]/gu) ?? []
  return pieces.flatMap((piece) => (/^\p{Script=Han}/u.test(piece) ? [...chinese.segment(piece)].map((one) => one.segment) : [piece]))
}

/** The difference of two texts, word by word; very long ones line by line. */
export function diff(before: string, after: string): Run[] {
  let a = tokens(before)
  let b = tokens(after)
  if (a.length * b.length > tooMany) {
    a = lines(before)
    b = lines(after)
    if (a.length * b.length > tooMany) return join([{ kind: 'del', text: before }, { kind: 'add', text: after }])
  }
  return join(compare(a, b))
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function compare(a: string[], b: string[]): Run[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const same = (list: string[]): Run[] => list.map((text) => ({ kind: 'same', text }))
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ]
}

/** The longest common subsequence, by the table of its lengths. */
function middle(a: string[], b: string[]): Run[] {
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => table[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const runs: Run[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { runs.push({ kind: 'same', text: a[i++] ?? '' }); j++ }
    else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) runs.push({ kind: 'del', text: a[i++] ?? '' })
    else runs.push({ kind: 'add', text: b[j++] ?? '' })
  }
  return runs
}

function join(runs: Run[]): Run[] {
  const joined: Run[] = []
  for (const run of runs) {
    const last = joined[joined.length - 1]
    if (last?.kind === run.kind) last.text += run.text
    else if (run.text) joined.push({ ...run })
  }
  return joined
}
