import { Api } from '../core/api'
import { readConfig } from '../core/read'
import { pickLanguage, loadWords } from '../words/words'
import type { Look } from '../app'
import type { Chat } from '../core/chat'
import type { Store } from '../core/store'
import type { Preview } from '../contract'

// What the console showed last; a preview is a page of its own, so there is one.
let config: Record<string, unknown> = { team_online: true, bot: true }

/** An API that asks nobody: it shows what the console sends, and takes what is typed. */
export function api(base: string, tag: string): Api {
  const said: object[] = []
  const state = { status: 'none', team_online: true }
  const answer = (path: string, body: Record<string, unknown>): object => {
    if (path === 'session') return { token: 'preview', visitor: 'preview', cursor: '0.0', config, state }
    if (path !== 'messages' || !body['client_id']) return { messages: said, cursor: '0.0', more: false, state }
    const seq = said.length + 1
    const message = { conversation: 1, seq, from: 'contact', text: body['text'], client_id: body['client_id'], delivery: 'sent', at: new Date().toISOString() }
    said.push(message)
    return { message, cursor: `1.${seq}` }
  }
  const fetcher = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = new URL(String(input)).pathname.split('/').pop() ?? ''
    return new Response(JSON.stringify(answer(path, JSON.parse(String(init?.body ?? '{}')) as Record<string, unknown>)))
  }
  return new Api(base, 'preview', tag, fetcher, false)
}

/** Shows what the console, and nobody else, sends; and tells it that it may. */
export function listen(chat: Chat, look: Store<Look>): void {
  window.addEventListener('message', (event: MessageEvent<Partial<Preview> | undefined>) => {
    const { type, lang, config: next } = event.data ?? {}
    if (event.origin !== location.origin || type !== 'huiyin-preview' || !next) return
    config = next
    const language = pickLanguage(lang, [])
    void loadWords(language).then(() => {
      look.set({ language, side: next['position'] === 'left' ? 'left' : 'right' })
      chat.view.set({ config: readConfig(next) })
    })
  })
  window.parent.postMessage({ type: 'huiyin-preview-ready' }, location.origin)
}
