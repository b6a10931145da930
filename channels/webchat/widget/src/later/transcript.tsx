import { useEffect, useState } from 'preact/hooks'
import { useTools } from '../ui/context'
import { useSay } from './say'
import type { View } from '../core/store'

/** The conversation to be printed or kept, at addresses that the server signs. */
export function Transcript({ view }: { view: View }) {
  const { chat } = useTools()
  const say = useSay()
  const [links, setLinks] = useState<{ page: string; file: string }>()
  const [failed, setFailed] = useState(false)
  const conversation = view.standing.conversation || view.messages[view.messages.length - 1]?.conversation || ''
  const load = (): void => {
    setFailed(false)
    chat.api.call('POST', 'transcript', { conversation: Number(conversation) }).then(
      (r) => setLinks({ page: chat.api.link(r['url']), file: chat.api.link(r['text_url']) }),
      () => setFailed(true),
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
      <div role="status">
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
