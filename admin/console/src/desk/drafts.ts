const prefix = 'huiyin.draft.'
const keepFor = 30 * 86_400_000

export interface Draft { text: string; articleId?: number; at: number }
export type DraftKind = 'reply' | 'note'

/** Unsent texts, per conversation and kind, in the browser's own storage. */
export class Drafts {
  constructor(private readonly storage: Storage, private readonly now: () => number) {}

  load(conversation: number, kind: DraftKind): Draft {
    try {
      const draft = JSON.parse(this.storage.getItem(key(conversation, kind)) ?? '') as Draft
      if (typeof draft.text === 'string') return draft
    } catch {
      // Nothing kept, or not by us.
    }
    return { text: '', at: 0 }
  }

  save(conversation: number, kind: DraftKind, text: string, articleId?: number): void {
    if (text.trim() === '') return this.storage.removeItem(key(conversation, kind))
    try {
      this.storage.setItem(key(conversation, kind), JSON.stringify({ text, articleId, at: this.now() }))
    } catch {
      this.sweep()
    }
  }

  has(conversation: number): boolean {
    return this.storage.getItem(key(conversation, 'reply')) !== null
  }

  /** Removes drafts that nobody came back to for a month. */
  sweep(): void {
    for (const name of Object.keys(this.storage)) {
      const match = /^huiyin\.draft\.(\d+)\.(reply|note)$/.exec(name)
      if (match && this.load(Number(match[1]), match[2] as DraftKind).at < this.now() - keepFor) this.storage.removeItem(name)
    }
  }
}

function key(conversation: number, kind: DraftKind): string {
  return `${prefix}${conversation}.${kind}`
}
