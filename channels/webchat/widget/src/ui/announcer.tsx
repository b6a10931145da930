import { useEffect, useRef, useState } from 'preact/hooks'
import { compareCursors } from '../core/cursor'
import { lastCursor } from '../core/messages'
import { useTools } from './context'
import type { View } from '../core/store'

/** Reads new messages out to a screen reader; what was there when the panel opened is not new. */
export function Announcer({ view }: { view: View }) {
  const { words, tag } = useTools()
  const [said, setSaid] = useState('')
  const upTo = useRef<string | undefined>(undefined)
  useEffect(() => {
    const last = lastCursor(view.messages)
    if (view.phase !== 'ready') return
    const from = upTo.current
    upTo.current = last
    if (from === undefined || last === '' || last === from) return
    const news = view.messages.filter((m) => m.from !== 'contact' && (from === '' || compareCursors(m.cursor, from) > 0))
    if (news.length === 0) return
    setSaid(news.map((m) => words.says(m.author || (m.from === 'agent' ? words.agentName : words.botName), m.text)).join('\n'))
  }, [view.messages, view.phase])
  return (
    <div class="hidden" aria-live="polite" lang={tag}>
      {said}
    </div>
  )
}
