/** One or two characters for a face: the last two of a Chinese given name, the initials of others. */
export function initials(name: string): string {
  const trimmed = name.trim()
  if (!trimmed) return '?'
  if (/\p{Script=Han}/u.test(trimmed)) {
    const han = [...trimmed].filter((c) => /\p{Script=Han}/u.test(c))
    return han.slice(-2).join('')
  }
  const words = trimmed.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]?.match(/[\p{L}\p{N}]/u)?.[0] ?? '?'
  const second = words.length > 1 ? words[words.length - 1]?.match(/[\p{L}\p{N}]/u)?.[0] ?? '' : ''
  return (first + second).toUpperCase()
}
