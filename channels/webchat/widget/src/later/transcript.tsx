import { useEffect, useState } from 'preact/hooks'
import { useTools } from '../ui/context'
import { useSay } from './say'
import { Problem } from '../core/api'
import type { View } from '../core/store'

/** The conversation to be printed or kept, at addresses that the server signs. */
export function Transcript({ view }: { view: View }) {
  const { chat } = useTools()
  const say = useSay()
  const [links, setLinks] = useState<{ page: string; file: string; mail: string }>()
  const [sent, setSent] = useState('')
  const [failed, setFailed] = useState(false)
  const conversation = view.standing.conversation || view.messages[view.messages.length - 1]?.conversation || ''
  const load = (): void => {
    setFailed(false)
    chat.api.call('POST', 'transcript', { conversation: Number(conversation) }).then(
      (r) => setLinks({ page: chat.api.link(r['url']), file: chat.api.link(r['text_url']), mail: typeof r['mail'] === 'string' ? r['mail'] : '' }),
      () => setFailed(true),
    )
  }
  const send = (): void => {
    chat.api.call('POST', 'transcript/mail', { conversation: Number(conversation) }).then(
      () => setSent(say('mailed')),
      (e: unknown) => setSent(e instanceof Problem && e.words ? e.words : say('failed')),
    )
  }
  useEffect(() => void (conversation && load()), [conversation])
  return (
    <div class="intro">
      <h3>{say('transcript')}</h3>
      <p>{say(conversation ? 'transcriptWhy' : 'transcriptNone')}</p>
      {links?.page && (
        <a class="primary" href={links.page} target="_blank" rel="noopener">
          {say('print')}
        </a>
      )}
      {links?.file && (
        <a class="text" href={links.file} target="_blank" rel="noopener" download>
          {say('file')}
        </a>
      )}
      {links?.mail && !sent && (
        <button type="button" class="text" onClick={send}>
          {say('mailTo')} {links.mail}
        </button>
      )}
      <div role="status">
        {sent && <p class="hint">{sent}</p>}
        {failed && (
          <>
            <p class="hint bad">{say('failed')}</p>
            <button type="button" class="text" onClick={load}>
              {say('again')}
            </button>
          </>
        )}
      </div>
    </div>
  )
}
