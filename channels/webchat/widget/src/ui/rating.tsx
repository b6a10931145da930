import { useTools } from './context'
import { Icon } from './icons'
import type { Message } from '../core/types'

/** Asks whether an answer helped. */
export function Rating({ message: m }: { message: Message }) {
  const { chat, words } = useTools()
  const said = m.helpful
  return (
    <div class="rating" role="group" aria-label={words.helpful}>
      <button type="button" aria-pressed={said === true} aria-label={words.yes} title={words.yes} onClick={() => void chat.rate(m, true)}>
        <Icon name="up" />
      </button>
      <button type="button" aria-pressed={said === false} aria-label={words.no} title={words.no} onClick={() => void chat.rate(m, false)}>
        <Icon name="thumbDown" />
      </button>
      <span role="status">{said === undefined ? '' : said ? words.thanks : words.sorry}</span>
    </div>
  )
}
