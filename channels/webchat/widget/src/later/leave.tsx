import { useMemo, useRef, useState } from 'preact/hooks'
import { Problem } from '../core/api'
import { newId } from '../core/chat'
import { useTools } from '../ui/context'
import { Agree, fault, Labelled } from './fields'
import { useSay } from './say'
import type { View } from '../core/store'

/** For who must go, or comes when nobody is there: the question, and where its answer shall go. */
export function Leave({ view, onDone }: { view: View; onDone(): void }) {
  const { chat, words } = useTools()
  const say = useSay()
  const form = useRef<HTMLFormElement>(null)
  const ways = view.config?.replyTo ?? []
  const [way, setWay] = useState(ways[0] ?? 'email')
  const [address, setAddress] = useState('')
  const [text, setText] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [checked, setChecked] = useState(false)
  const [state, setState] = useState<'writing' | 'busy' | 'done'>('writing')
  const [problem, setProblem] = useState('')
  // The same wish sent twice is one.
  const id = useMemo(newId, [])
  const kind = way === 'email' ? 'email' : 'phone'
  const wrong = fault({ kind, required: true }, address)

  const submit = async (): Promise<void> => {
    setChecked(true)
    setProblem('')
    if (wrong || !agreed) return void requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
    setState('busy')
    const body = { channel: way, address: address.trim(), text: text.trim() || undefined, consent: true, client_id: id }
    try {
      await chat.api.call('POST', 'reply-to', body)
      setState('done')
    } catch (error) {
      setProblem((error instanceof Problem && error.words) || words.somethingWrong)
      setState('writing')
    }
  }
  if (state === 'done') {
    return (
      <div class="empty" role="status">
        <p>{say('left')}</p>
        <button type="button" class="primary" onClick={onDone}>
          {words.back}
        </button>
      </div>
    )
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
      <h3>{say('leave')}</h3>
      <p>{say('leaveWhy')}</p>
      {view.config?.hours?.text && <p>{view.config.hours.text}</p>}
      {ways.length > 1 && <Ways ways={ways} way={way} onChange={setWay} />}
      <Labelled label={say(kind)} problem={checked && wrong ? say(wrong) : undefined}>
        {(field, described) => (
          <input id={field} type={(kind === 'email' ? 'email' : 'tel') as 'text'} autocomplete={kind === 'email' ? 'email' : 'tel'} maxLength={200} value={address} aria-required {...described} onInput={(e) => setAddress(e.currentTarget.value)} />
        )}
      </Labelled>
      <Labelled label={`${say('message')} (${say('optional')})`} problem={undefined}>
        {(field) => <textarea id={field} rows={4} maxLength={4000} value={text} onInput={(e) => setText(e.currentTarget.value)} />}
      </Labelled>
      <Agree text={say('leaveAgree')} checked={agreed} problem={checked && !agreed ? say('agreeFirst') : undefined} onChange={setAgreed} />
      <div role="alert">{problem && <p class="hint bad">{problem}</p>}</div>
      <button type="submit" class="primary" disabled={state === 'busy'}>
        {say('leaveDo')}
      </button>
    </form>
  )
}

function Ways({ ways, way, onChange }: { ways: ('email' | 'sms')[]; way: string; onChange(way: 'email' | 'sms'): void }) {
  const say = useSay()
  return (
    <fieldset class="ways">
      <legend>{say('leaveBy')}</legend>
      {ways.map((one) => (
        <label key={one}>
          <input type="radio" name="way" checked={one === way} onChange={() => onChange(one)} />
          {say(one === 'email' ? 'byEmail' : 'bySms')}
        </label>
      ))}
    </fieldset>
  )
}
