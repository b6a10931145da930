import type { Form } from './form'

export interface Unsaved { form: Form; version: number; at: number }

/** Texts that were being written when the page went away, in the browser's own storage. */
export class UnsavedTexts {
  constructor(private readonly storage: Storage, private readonly now: () => number) {}

  load(id: number): Unsaved | null {
    try {
      const kept = JSON.parse(this.storage.getItem(key(id)) ?? '') as Unsaved
      return kept.form?.languages?.zh && kept.form.languages.en ? kept : null
    } catch {
      return null
    }
  }

  save(id: number, form: Form, version: number): void {
    try {
      this.storage.setItem(key(id), JSON.stringify({ form, version, at: this.now() }))
    } catch {
      // A full storage costs the safety net only; the page itself still holds the text.
    }
  }

  clear(id: number): void {
    this.storage.removeItem(key(id))
  }
}

function key(id: number): string {
  return `huiyin.article.${id || 'new'}`
}
