import { useEffect, useRef, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import type { Account, Exchange } from './contract'
import { Icon } from './icons'
import type { Server } from './server'
import { useWords } from './words'

interface Props {
  server: Server
  accounts: Account[]
  newest: number
  onClose: () => void
}

/** The raw requests, newest first: what the provider sends and what we send, as it is on the wire and decrypted. */
export function Drawer({ server, accounts, newest, onClose }: Props): VNode {
  const words = useWords()
  const [all, setAll] = useState<Exchange[]>([])
  const [only, setOnly] = useState('')
  const known = useRef(0)
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => close.current?.focus(), [])
  useEffect(() => {
    void server.exchanges(known.current).then((fresh) => {
      const unknown = fresh.filter((e) => e.n > known.current)
      known.current = Math.max(known.current, ...unknown.map((e) => e.n))
      if (unknown.length > 0) setAll((before) => [...unknown.reverse(), ...before].slice(0, 500))
    })
  }, [server, newest])
  const shown = all.filter((e) => !only || e.account === only)
  return (
    <div class="drawer" role="dialog" aria-label={words.drawer} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header>
        <h2>{words.drawer}</h2>
        <select aria-label={words.all} value={only} onChange={(event) => setOnly(event.currentTarget.value)}>
          <option value="">{words.all}</option>
          {accounts.map((a) => <option key={a.app_id} value={a.app_id}>{words.kinds[a.kind]}</option>)}
        </select>
        <button type="button" ref={close} aria-label={words.close} onClick={onClose}><Icon name="close" /></button>
      </header>
      {shown.length === 0 && <p class="nothing">{words.drawerEmpty}</p>}
      <ul>{shown.map((e) => <li key={e.n}><Entry exchange={e} /></li>)}</ul>
    </div>
  )
}

function Entry({ exchange: e }: { exchange: Exchange }): VNode {
  const words = useWords()
  const bad = e.status === 0 || e.status >= 400 || e.code !== 0 || Boolean(e.note)
  const [path] = e.path.split('?')
  return (
    <details class={e.way}>
      <summary>
        <span class="way">{e.way === 'callback' ? words.toUs : words.toThem}</span>
        <code>{path}{gist(e) && <b> {gist(e)}</b>}</code>
        <span class={bad ? 'result bad' : 'result'}>{e.status === 0 ? words.noAnswer : e.code !== 0 ? e.code : e.status} · {words.ms(e.millis)}</span>
      </summary>
      {e.note && <p class="note">{e.note}</p>}
      <h3>{words.request}</h3>
      <pre tabIndex={0}>{e.method} {e.path}{'\n\n'}{e.request}</pre>
      {e.request_plain && <><h3>{words.request} · {words.plain}</h3><pre tabIndex={0}>{tidy(e.request_plain)}</pre></>}
      <h3>{words.response}</h3>
      <pre tabIndex={0}>{e.response || '∅'}</pre>
      {e.response_plain && <><h3>{words.response} · {words.plain}</h3><pre tabIndex={0}>{tidy(e.response_plain)}</pre></>}
    </details>
  )
}

/** What a request is about: the event or the kind of message. */
export function gist(e: Exchange): string {
  const text = e.request_plain || e.request
  const found = /(?:<Event><!\[CDATA\[|"Event":")(\w+)/.exec(text) ?? /(?:<MsgType><!\[CDATA\[|"MsgType":"|"msgtype":")(\w+)/.exec(text)
  return found?.[1] ?? /[?&]TemplateCode=(\w+)/.exec(e.path)?.[1] ?? /(?:^|\n)MessageStatus=(\w+)/.exec(text)?.[1] ?? ''
}

/** XML and JSON on several lines. */
export function tidy(text: string): string {
  if (text.startsWith('<')) return text.replace(/></g, '>\n<').replace(/\]\]>\n</g, ']]><')
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
