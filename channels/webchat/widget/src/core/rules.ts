import type { Greeting } from '../contract'

/** Where a visitor is, and for how long (ms). */
export interface Visit {
  page: string
  lang: string
  returning: boolean
  stayed: number
}

/** Whether a greeting's rule fits the visit. */
export function wanted(g: Greeting, visit: Visit): boolean {
  if (visit.stayed < (g.delay_seconds ?? 0) * 1000) return false
  if (g.visitors === 'new' && visit.returning) return false
  if (g.visitors === 'returning' && !visit.returning) return false
  if (g.language && !speaks(visit.lang, g.language)) return false
  return matchesPage(g.pages, visit.page)
}

/** Whether somebody of that language reads the other: zh reads every zh-…, zh-TW reads zh-TW and zh-HK alone. */
export function speaks(lang: string, wants: string): boolean {
  const [a, b] = [lang, wants].map((tag) => tag.toLowerCase().replace('_', '-')) as [string, string]
  return a === b || a.startsWith(`${b}-`) || (traditional(a) && traditional(b)) || (!a.includes('-') && b.startsWith(`${a}-`) && !traditional(b))
}

function traditional(tag: string): boolean {
  return /^zh-(tw|hk|mo|hant)/.test(tag)
}

/** Whether one of the patterns fits a page's path, or its path and query; `*` stands for anything, and none means every page. */
export function matchesPage(patterns: readonly string[] | undefined, page: string): boolean {
  if (!patterns?.length) return true
  const path = page.split(/[?#]/)[0] ?? ''
  return patterns.some((pattern) => pattern.trim() !== '' && (fits(pattern.trim(), page) || fits(pattern.trim(), path)))
}

/** Goes along both texts once, back to the last star where they part: no pattern makes it slow. */
function fits(pattern: string, page: string): boolean {
  let p = 0
  let star = -1
  let from = 0
  for (let at = 0; at < page.length; ) {
    if (pattern[p] === '*') {
      star = p++
      from = at
    } else if (pattern[p] === page[at]) {
      p++
      at++
    } else if (star >= 0) {
      p = star + 1
      at = ++from
    } else return false
  }
  return /^\**$/.test(pattern.slice(p))
}
