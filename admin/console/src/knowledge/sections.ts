import type { Phrase } from '../i18n'

/** One page of the knowledge part: its route, what it is called, and the operation that whoever sees it must be allowed. */
export interface KnowledgeSection { route: string; label: Phrase; needs: string }

/** The pages of the knowledge part in the order in which its navigation shows them. A route is named `knowledge-…`, so that the rail knows its place. */
export const knowledgeSections: readonly KnowledgeSection[] = [
  { route: 'knowledge', label: 'kb.articles', needs: 'listArticles' },
  { route: 'knowledge-gaps', label: 'kb.gaps', needs: 'listGaps' },
  { route: 'knowledge-golden', label: 'kb.golden', needs: 'listGolden' },
  { route: 'knowledge-test', label: 'kb.test', needs: 'startBatch' },
  { route: 'knowledge-quality', label: 'kb.quality', needs: 'getQuality' },
  { route: 'knowledge-imports', label: 'imports.nav', needs: 'startImport' },
  { route: 'knowledge-readers', label: 'readers.title', needs: 'listHelpCentreMissed' },
]

/** Those that this person may see; none while there is only one, which needs no navigation. */
export function visibleSections(can: (operation: string) => boolean, all = knowledgeSections): readonly KnowledgeSection[] {
  const list = all.filter((one) => can(one.needs))
  return list.length > 1 ? list : []
}
