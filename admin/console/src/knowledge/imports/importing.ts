import { api } from '../../api/client'
import type { ArticleImport } from '../../api/types'

/** What a column of a table can be taken for, in the order in which it is offered; '' is nothing. */
export const targets = ['', 'key', 'question', 'similar', 'answer', 'category', 'tags', 'status', 'language', 'audience', 'valid_from', 'valid_until', 'variants', 'notes', 'related',
  'question.zh', 'similar.zh', 'answer.zh', 'question.en', 'similar.en', 'answer.en'] as const
export type Target = (typeof targets)[number]

/** What is chosen for an import. */
export interface Choices { sheet: string; match: 'key' | 'question'; mode: 'both' | 'create' | 'update'; publish: boolean; heading: number }

/** For each column what it is, from what the server guessed. */
export function chosenFor(columns: readonly string[], guess: Record<string, number>): Target[] {
  return columns.map((_, i) => targets.find((one) => one !== '' && guess[one] === i) ?? '')
}

/** Takes a column for something; what was that before is nothing any more, because two columns cannot be the same. */
export function choose(chosen: readonly Target[], column: number, target: Target): Target[] {
  return chosen.map((one, i) => (i === column ? target : one === target ? '' : one))
}

/** Whether a table can be imported: some column is a question. */
export function hasQuestion(chosen: readonly Target[]): boolean {
  return chosen.some((one) => one === 'question' || one.startsWith('question.'))
}

/** The columns as the server reads them: "key=0;question=2". */
export function columnsQuery(chosen: readonly Target[]): string {
  return chosen.map((one, i) => (one ? `${one}=${i}` : '')).filter(Boolean).join(';')
}

/** Whether something is being done to an import at this moment. */
export function underWay(one: Pick<ArticleImport, 'state'>): boolean {
  return one.state === 'running' || one.state === 'undoing' || one.state === 'failing'
}

/** Asks again until an import has come to an end; `seen` is told every time how far it is. */
export async function followed(id: number, seen: (one: ArticleImport) => void, pause: () => Promise<void> = () => new Promise((go) => setTimeout(go, 700))): Promise<ArticleImport> {
  for (;;) {
    const one = await api.get('/knowledge/imports/{id}', { path: { id } })
    seen(one)
    if (!underWay(one)) return one
    await pause()
  }
}
