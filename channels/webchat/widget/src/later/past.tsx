import { useEffect, useState } from 'preact/hooks'
import { formatFull } from '../core/format'
import { timeline } from '../core/timeline'
import { useTools } from '../ui/context'
import { RowView } from '../ui/thread'
import { readPast } from './read'
import { useSay } from './say'
import type { Message, Past as Conversation } from '../core/types'

/** The visitor's earlier conversations, newest first; one can be read again. */
export function Past() {
  const { chat, tag } = useTools()
  const say = useSay()
  const [list, setList] = useState<Conversation[]>([])
  const [state, setState] = useState<'loading' | 'more' | 'all' | 'failed'>('loading')
  const [open, setOpen] = useState<Conversation>()
  const load = (): void => {
    setState('loading')
    const last = list[list.length - 1]
    chat.api.call('GET', `conversations${last ? `?before=${last.id}` : ''}`).then(
      (r) => {
        setList([...list, ...readPast(r)])
        setState(r['more'] === true ? 'more' : 'all')
      },
      () => setState('failed'),
    )
  }
  useEffect(load, [])
  if (open) return <Thread conversation={open} />
  return (
    <div class="past">
      <h3>{say('past')}</h3>
      <ul>
        {list.map((c) => (
          <li key={c.id}>
            <button type="button" onClick={() => setOpen(c)}>
              <b>{plain(c.preview) || when(c.started_at, tag)}</b>
              <small>
                {when(c.last_at, tag)} · {say(c.status === 'resolved' ? 'closed' : 'open')}
                {c.agent && ` · ${say('with')} ${c.agent}`}
                {c.rating ? ` · ${'★'.repeat(c.rating)}` : ''}
              </small>
            </button>
          </li>
        ))}
      </ul>
      <div role="status">
        {state === 'all' && list.length === 0 && <p class="small">{say('pastNone')}</p>}
        {state === 'failed' && <p class="small">{say('failed')}</p>}
      </div>
      {(state === 'more' || state === 'failed') && (
        <button type="button" class="text" onClick={load}>
          {say(state === 'more' ? 'pastMore' : 'again')}
        </button>
      )}
    </div>
  )
}

/** One conversation to be read, with all its messages. */
function Thread({ conversation }: { conversation: Conversation }) {
  const { chat, tag } = useTools()
  const say = useSay()
  const [messages, setMessages] = useState<Message[]>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let gone = false
    whole(conversation.id, (after) => chat.api.within(conversation.id, after)).then((all) => gone || setMessages(all), () => gone || setFailed(true))
    return () => void (gone = true)
  }, [conversation.id])
  return (
    <div class="past read" tabIndex={0}>
      <h3>{when(conversation.started_at, tag)}</h3>
      {failed && <p class="small" role="status">{say('failed')}</p>}
      <ul>{messages && timeline(messages, [], '').map((row) => <RowView key={row.key} row={row} newest={undefined} />)}</ul>
    </div>
  )
}

/** A time for people; nothing when the server sent none. */
function when(time: string, tag: string): string {
  const at = Date.parse(time)
  return Number.isNaN(at) ? '' : formatFull(at, tag)
}

/** A line of Markdown without its marks. */
export function plain(line: string): string {
  return line.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*_`#>]{1,3}/g, '').trim()
}

/** All messages of a conversation, page by page. */
async function whole(id: number, after: (cursor: string) => Promise<{ messages: Message[]; cursor: string; more: boolean }>): Promise<Message[]> {
  const found: Message[] = []
  for (let cursor = `${id}.0`; ; ) {
    const batch = await after(cursor)
    found.push(...batch.messages.filter((m) => m.conversation === String(id)))
    if (!batch.more || batch.messages.length === 0) return found
    cursor = batch.cursor
  }
}
