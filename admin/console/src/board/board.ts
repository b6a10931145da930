import type { BoardAgent } from '../api/types'

const order = { online: 0, away: 1, offline: 2 }

/** Who is there first, the busiest before the others. */
export function sortAgents(list: BoardAgent[]): BoardAgent[] {
  const share = (a: BoardAgent) => (a.capacity ? a.used / a.capacity : 0)
  return [...list].sort((a, b) => order[a.presence] - order[b.presence] || share(b) - share(a) || a.agent.name.localeCompare(b.agent.name))
}

/** A span of time as a clock shows it: 0:42, 12:07, 3:05:00. */
export function minutes(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const h = Math.floor(seconds / 3600)
  const m = Math.floor((seconds % 3600) / 60)
  return h ? `${h}:${two(m)}:${two(seconds % 60)}` : `${m}:${two(seconds % 60)}`
}
