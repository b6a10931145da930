import { useMemo, useRef, useState } from 'preact/hooks'
import { Problem, type Profile } from '../core/api'
import { useTools } from '../ui/context'
import { Agree, fault, Labelled } from './fields'
import { readForm } from './read'
import { useSay } from './say'
import type { Config, FormField } from '../core/types'
import type { Words } from '../words/words'

const autofill: Record<string, string> = { name: 'name', email: 'email', phone: 'tel' }
const types = { email: 'email', phone: 'tel', text: 'text' } as const
const consentKey = ' consent'

/** The form before the first message, where the owner wants one: every fault stands at its field. */
export function Intro({ config, onSkip }: { config: Config; onSkip(): void }) {
  const { chat, words } = useTools()
  const say = useSay()
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState<Record<string, string>>({})
  const [agreed, setAgreed] = useState(false)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const own = useMemo(() => readForm(config.form), [config.form])
  const fields = own?.fields.length ? own.fields : plain(config, words)
  const consent = own?.consent ?? ''

  const mark = (found: Record<string, string>): void => {
    setFaults(found)
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  const check = (): boolean => {
    const found: Record<string, string> = {}
    for (const field of fields) {
      const wrong = fault(field, values[field.key] ?? '')
      if (wrong) found[field.key] = say(wrong)
    }
    if (consent && !agreed) found[consentKey] = say('agreeFirst')
    const reach = (values['email'] ?? '').trim() + (values['phone'] ?? '').trim()
    if (!own && config.preChat === 'required' && !found['email'] && reach === '') found['email'] = words.introNeed
    mark(found)
    return Object.keys(found).length === 0
  }
  const submit = async (): Promise<void> => {
    setProblem('')
    if (!check()) return
    setBusy(true)
    await chat.introduce(profileOf(fields, values, consent !== '')).catch((error: unknown) => {
      const { words: why = '', field = '', code = '' } = error instanceof Problem ? error : {}
      const at = fields.find(({ key }) => key === (field || code))
      if (at && why) mark({ [at.key]: why })
      else setProblem(why || words.somethingWrong)
    })
    setBusy(false)
  }
  return (
    <form
      ref={form}
      class="intro"
      noValidate
      onSubmit={(e) => {
        e.preventDefault()
        void submit()
      }}
    >
      <h3>{words.introTitle}</h3>
      <p>{words.introWhy}</p>
      {fields.map((field) => (
        <Field key={field.key} field={field} value={values[field.key] ?? ''} problem={faults[field.key]} onChange={(value) => setValues({ ...values, [field.key]: value })} />
      ))}
      {consent && <Agree text={consent} checked={agreed} problem={faults[consentKey]} onChange={setAgreed} />}
      <div role="alert">{problem && <p class="hint bad">{problem}</p>}</div>
      <button type="submit" class="primary" disabled={busy}>
        {words.introStart}
      </button>
      {config.preChat === 'optional' && (
        <button type="button" class="text" onClick={onSkip}>
          {words.introSkip}
        </button>
      )}
    </form>
  )
}

function Field({ field, value, problem, onChange }: { field: FormField; value: string; problem: string | undefined; onChange(value: string): void }) {
  const say = useSay()
  const label = field.required ? field.label : `${field.label} (${say('optional')})`
  return (
    <Labelled label={label} problem={problem}>
      {(id, described) =>
        field.kind === 'select' ? (
          <select id={id} value={value} required={field.required ?? false} {...described} onChange={(e) => onChange(e.currentTarget.value)}>
            <option value="">{say('choose')}</option>
            {field.options?.map((option) => <option key={option}>{option}</option>)}
          </select>
        ) : (
          <input
            id={id}
            type={types[field.kind] as 'text'}
            value={value}
            autocomplete={autofill[field.key] ?? 'off'}
            maxLength={200}
            aria-required={field.required ?? false}
            {...described}
            onInput={(e) => onChange(e.currentTarget.value)}
          />
        )
      }
    </Labelled>
  )
}

/** The form of an owner who named no fields. */
function plain(config: Config, words: Words): FormField[] {
  const required = config.preChat === 'required'
  return [
    { key: 'name', label: words.introName, kind: 'text', required },
    { key: 'email', label: words.introEmail, kind: 'email' },
    { key: 'phone', label: words.introPhone, kind: 'phone' },
  ]
}

/** What the session is told: name, email and phone by their names, the rest as fields, also when there are none: it is the form. */
export function profileOf(fields: readonly FormField[], values: Record<string, string>, consent: boolean): Profile {
  const own: Record<string, string> = {}
  const profile: Profile = { fields: own, ...(consent ? { consent } : {}) }
  for (const { key } of fields) {
    const value = (values[key] ?? '').trim()
    if (key === 'name' || key === 'email' || key === 'phone') profile[key] = value
    else if (value !== '') own[key] = value
  }
  return profile
}
