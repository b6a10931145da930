import { useEffect, useMemo, useState } from 'preact/hooks'
import { formatFull } from '../core/format'
import { useTools } from '../ui/context'
import { Rating } from '../ui/rating'
import { plainNodes, richNodes } from '../ui/rich'
import { useSay } from './say'
import type { Message } from '../core/types'

interface Article {
  title: string
  html: string
  updated: number
}

/** A long answer as a page: the article itself where the visitor may read it, the whole message otherwise. */
export function Reader({ message: m }: { message: Message }) {
  const { chat, tag } = useTools()
  const say = useSay()
  const [article, setArticle] = useState<Article>()
  useEffect(() => {
    if (m.article === '') return
    // Where the article cannot be had any more, what was answered is there all the same.
    chat.api.call('GET', `articles/${m.article}?lang=${tag}`).then((r) => setArticle(readArticle(r)), () => undefined)
  }, [m.article])
  const html = article?.html || m.html
  const body = useMemo(() => richNodes(html)?.nodes ?? plainNodes(m.text), [html])
  return (
    <article class="reader" tabIndex={0} aria-label={article?.title || say('article')}>
      {article?.title && <h3>{article.title}</h3>}
      {article && article.updated > 0 && (
        <p class="small">
          {say('updated')} {formatFull(article.updated, tag)}
        </p>
      )}
      <div class="rich">{body}</div>
      {m.canRate && <Rated message={m} />}
    </article>
  )
}

/** The verdict as it stands now: the message was handed over when the page was opened. */
function Rated({ message }: { message: Message }) {
  const { chat } = useTools()
  const [now, setNow] = useState(message)
  useEffect(() => chat.view.follow((view) => setNow(view.messages.find((m) => m.cursor === message.cursor) ?? message)), [message])
  return <Rating message={now} />
}

function readArticle(r: Record<string, unknown>): Article {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return { title: text(r['title']), html: text(r['html']), updated: Date.parse(text(r['updated_at'])) || 0 }
}
