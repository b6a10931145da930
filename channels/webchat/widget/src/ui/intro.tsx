import { useState } from 'preact/hooks'
import { useTools } from './context'
import type { Config } from '../core/types'

const mailLike = /^\S+@\S+\.\S+$/

/** The form before the first message, where the owner wants one. */
export function Intro({ config, onSkip }: { config: Config; onSkip(): void }) {
  const { chat, words } = useTools()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [phone, setPhone] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)

  const submit = async (): Promise<void> => {
    const missing = name.trim() === '' || (email.trim() === '' && phone.trim() === '')
    if (missing && config.preChat === 'required') return setProblem(words.introNeed)
    if (email.trim() !== '' && !mailLike.test(email.trim())) return setProblem(words.introEmailWrong)
    setBusy(true)
    await chat.introduce({ name: name.trim(), email: email.trim(), phone: phone.trim() }).catch(() => setProblem(words.somethingWrong))
    setBusy(false)
  }
  return (
    <form
      class="intro"
      noValidate
      onSubmit={(e) => {
        e.preventDefault()
        void submit()
      }}
    >
      <h3>{words.introTitle}</h3>
      <p>{words.introWhy}</p>
      <label>
        {words.introName}
        <input value={name} autocomplete="name" maxLength={100} onInput={(e) => setName(e.currentTarget.value)} />
      </label>
      <label>
        {words.introEmail}
        <input type="email" value={email} autocomplete="email" maxLength={200} onInput={(e) => setEmail(e.currentTarget.value)} />
      </label>
      <label>
        {words.introPhone}
        <input type="tel" value={phone} autocomplete="tel" maxLength={40} onInput={(e) => setPhone(e.currentTarget.value)} />
      </label>
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
