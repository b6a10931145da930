import { list, number, raw, text } from '../core/read'
import type { Form, FormField, Past } from '../core/types'

/** Reads what only the parts that are fetched later need. What does not fit is left out, never trusted. */

/** Reads the form before the chat; undefined when the owner named no fields and nothing to agree to. */
export function readForm(value: unknown): Form | undefined {
  const f = raw(value)
  const fields = list(f['fields'], readField)
  return fields.length > 0 || text(f['consent_text']) ? { fields, consent: text(f['consent_text']) } : undefined
}

const kinds: readonly string[] = ['text', 'email', 'phone', 'select']

function readField(value: unknown): FormField | undefined {
  const f = raw(value)
  const key = text(f['key'])
  const kind = text(f['kind'])
  if (key === '') return undefined
  return {
    key,
    label: text(f['label']) || key,
    kind: (kinds.includes(kind) ? kind : 'text') as FormField['kind'],
    required: f['required'] === true,
    options: list(f['options'], (item) => text(item) || undefined),
  }
}

/** Reads the list of earlier conversations. */
export function readPast(value: unknown): Past[] {
  return list(raw(value)['conversations'], (item) => {
    const p = raw(item)
    const id = number(p['id'])
    if (id === 0) return undefined
    const [started, last] = [text(p['started_at']), text(p['last_at'])]
    return { id, started_at: started, last_at: last || started, status: text(p['status']), preview: text(p['preview']), agent: text(p['agent']), rating: number(p['rating']) }
  })
}
