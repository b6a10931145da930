import { useState } from 'preact/hooks'
import { useTools } from './context'
import { Icon } from './icons'
import type { Message } from '../core/types'

/** Asks whether an answer helped, and where not, why. */
export function Rating({ message: m }: { message: Message }) {
  const { chat, words } = useTools()
  const said = m.helpful
  const [why, setWhy] = useState<string>()
  const whys = [words.whyWrong, words.whyOff, words.whyUnclear, words.whyLong]
  const say = (helpful: boolean, reason?: string): void => {
    setWhy(reason)
    void chat.rate(m, helpful, reason || undefined)
  }
  return (
    <>
      <div class="rating" role="group" aria-label={words.helpful}>
        <button type="button" aria-pressed={said === true} aria-label={words.yes} title={words.yes} onClick={() => say(true)}>
          <Icon name="up" />
        </button>
        <button type="button" aria-pressed={said === false} aria-label={words.no} title={words.no} onClick={() => say(false, '')}>
          <Icon name="thumbDown" />
        </button>
        <span role="status">{said === undefined ? '' : said ? words.thanks : why === '' ? words.whyNot : words.sorry}</span>
      </div>
      {said === false && why === '' && (
        <div class="choices why" role="group" aria-label={words.whyNot}>
          {whys.map((reason) => (
            <button type="button" key={reason} onClick={() => say(false, reason)}>
              {reason}
            </button>
          ))}
        </div>
      )}
    </>
  )
}
