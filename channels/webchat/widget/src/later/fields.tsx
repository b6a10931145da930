import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import type { FormField } from '../contract'

const mailLike = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const phoneLike = /^\+?[\d\s()./-]{5,24}$/

/** What is wrong with a value; the key of the word that says so. */
export function fault(field: Pick<FormField, 'kind' | 'required'>, value: string): 'required' | 'emailWrong' | 'phoneWrong' | undefined {
  const text = value.trim()
  if (text === '') return field.required ? 'required' : undefined
  if (field.kind === 'email' && !mailLike.test(text)) return 'emailWrong'
  if (field.kind === 'phone' && !phoneLike.test(text)) return 'phoneWrong'
  return undefined
}

interface Props {
  label: string
  /** What is wrong, in words. */
  problem: string | undefined
  children: (id: string, described: { 'aria-invalid': boolean; 'aria-describedby'?: string }) => ComponentChildren
}

/** A labelled field with its fault below it. */
export function Labelled({ label, problem, children }: Props) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id, { 'aria-invalid': problem !== undefined, ...(problem ? { 'aria-describedby': `${id}-why` } : {}) })}
      {problem && (
        <p class="hint bad" id={`${id}-why`}>
          {problem}
        </p>
      )}
    </div>
  )
}

/** A box to agree with. */
export function Agree({ text, checked, problem, onChange }: { text: string; checked: boolean; problem: string | undefined; onChange(checked: boolean): void }) {
  const id = useId()
  return (
    <div class="field">
      <label class="agree">
        <input type="checkbox" checked={checked} aria-invalid={problem !== undefined} aria-describedby={problem ? `${id}-why` : undefined} onChange={(e) => onChange(e.currentTarget.checked)} />
        <span>{text}</span>
      </label>
      {problem && (
        <p class="hint bad" id={`${id}-why`}>
          {problem}
        </p>
      )}
    </div>
  )
}
