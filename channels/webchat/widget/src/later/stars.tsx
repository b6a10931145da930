import { useState } from 'preact/hooks'
import { Problem } from '../core/api'
import { useTools } from '../ui/context'
import { useSay } from './say'
import type { Key } from './words'
import type { View } from '../core/store'

const scores = [1, 2, 3, 4, 5] as const

/** Asks how it was once a conversation is over: five stars as radio buttons, and a word if the visitor likes. */
export function Stars({ view }: { view: View }) {
  const { chat, words } = useTools()
  const say = useSay()
  const given = view.standing.rating
  const [score, setScore] = useState(given)
  const [comment, setComment] = useState('')
  const [state, setState] = useState<'asking' | 'busy' | 'done'>(given > 0 ? 'done' : 'asking')
  const [problem, setProblem] = useState('')
  const send = async (): Promise<void> => {
    setState('busy')
    setProblem('')
    try {
      await chat.api.call('POST', 'rating', { conversation: Number(view.standing.conversation), score, comment: comment.trim() || undefined })
      setState('done')
    } catch (error) {
      setProblem((error instanceof Problem && error.words) || words.somethingWrong)
      setState('asking')
    }
  }
  if (state === 'done') {
    return (
      <div class="stars" role="status">
        <p>
          <span aria-hidden="true">{'★'.repeat(score)}</span> {say('rated')}
        </p>
        <button type="button" class="text" onClick={() => setState('asking')}>
          {say('change')}
        </button>
      </div>
    )
  }
  return (
    <form
      class="stars"
      onSubmit={(e) => {
        e.preventDefault()
        if (score > 0) void send()
      }}
    >
      <fieldset>
        <legend>{say('howWasIt')}</legend>
        <div class="five">
          {scores.map((n) => (
            <label key={n} class={n <= score ? 'lit' : ''} title={say(`star${n}` as Key)}>
              <input type="radio" name="score" class="hidden" value={n} checked={n === score} aria-label={`${n} · ${say(`star${n}` as Key)}`} onChange={() => setScore(n)} />
              <span aria-hidden="true">★</span>
            </label>
          ))}
        </div>
        <p class="small" aria-hidden="true">{score > 0 ? say(`star${score}` as Key) : '\u00a0'}</p>
      </fieldset>
      {score > 0 && (
        <>
          <textarea rows={2} maxLength={1000} aria-label={say('comment')} placeholder={say('comment')} value={comment} onInput={(e) => setComment(e.currentTarget.value)} />
          <button type="submit" class="primary" disabled={state === 'busy'}>
            {say('rate')}
          </button>
        </>
      )}
      <div role="alert">{problem && <p class="hint bad">{problem}</p>}</div>
    </form>
  )
}
