import type { ComponentChildren } from 'preact'

const link = /<a\s+href=["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；！？、）】]+)/g

/** A text as the app shows it: links of two spellings, everything else as it is. */
export function rich(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = []
  let from = 0
  for (const found of text.matchAll(link)) {
    if (found.index > from) parts.push(text.slice(from, found.index))
    const bare = found[3]?.replace(/[).,:;!?]+$/, '')
    const address = found[1] ?? bare ?? ''
    const label = found[2] ?? address
    parts.push(safe(address) ? <a href={address} target="_blank" rel="noopener noreferrer">{label}</a> : label)
    from = found.index + (bare ?? found[0]).length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

/** Only pages of the web are opened. */
export function safe(address: string): boolean {
  return /^https?:\/\//i.test(address)
}
