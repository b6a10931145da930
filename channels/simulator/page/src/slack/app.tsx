import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { RefObject, VNode } from 'preact'
import { read, write as keep } from '../server'
import { keepLanguage, type Language } from '../words'
import { Blocks } from './blocks'
import { Composer } from './composer'
import type { Channel, Deed, Look } from './contract'
import { Dialog } from './dialog'
import { MessageLine, type Hands } from './message'
import type { Server } from './server'
import { en, zh } from './words'

const userKey = 'huiyin-simulator-slack-user'

/** Keeps a list at its newest message, as Slack does, when it is opened and when something comes. */
function useNewest(place: string, n: number): RefObject<HTMLElement | null> {
  const list = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    if (n > 0 && list.current) list.current.scrollTop = list.current.scrollHeight
  }, [place, n])
  return list
}

/** Slack's window: channels, a thread beside them, the app's home and its dialogs. */
export function SlackApp({ server, language: first }: { server: Server; language: Language }): VNode {
  const [language, setLanguage] = useState(first)
  const [user, setUser] = useState(read(userKey))
  const [look, setLook] = useState<Look>()
  const [alive, setAlive] = useState(true)
  const [at, setAt] = useState('')
  const [thread, setThread] = useState('')
  const [told, setTold] = useState('')
  const words = language === 'zh' ? zh : en

  useEffect(() => server.follow(user, setLook, setAlive), [server, user])
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = `${words.title} · Huiyin`
  }, [language, words])
  const staff = look?.people.filter((one) => !one.is_bot && !one.deleted) ?? []
  useEffect(() => {
    if (staff[0] && !staff.some((one) => one.id === user)) choose(staff[0].id)
  })
  const people = useMemo(() => new Map(look?.people.map((one) => [one.id, one.real_name || one.name])), [look])
  const channel: Channel | undefined = look?.channels.find((one) => one.id === at) ?? look?.channels[0]
  const home = at === 'home'

  function choose(id: string): void {
    keep(userKey, id)
    setUser(id)
  }
  const act = async (deed: Omit<Deed, 'user'>): Promise<void> => {
    const reason = await server.act({ ...deed, user })
    setTold(reason && words.failed + reason)
  }
  const hands: Hands = {
    press: (message, one) => void act({ do: 'press', channel: channel?.id, ts: message.ts, action: one.action_id }),
    shortcut: (message) => void act({ do: 'shortcut', channel: channel?.id, ts: message.ts, action: 'send_to_customer' }),
    edit: (message, text) => void act({ do: 'edit', channel: channel?.id, ts: message.ts, text }),
    erase: (message) => void act({ do: 'erase', channel: channel?.id, ts: message.ts }),
  }
  const say = (text: string, file?: { name: string; data: string }, root?: string): void => {
    const command = /^(\/\w+) ?(.*)$/.exec(text)
    if (command && !root) void act({ do: 'command', channel: channel?.id, action: command[1], text: command[2] })
    else void act({ do: file ? 'share' : 'write', channel: channel?.id, thread: root, text, ...file })
  }
  const roots = channel?.messages.filter((m) => !m.thread_ts || m.thread_ts === m.ts) ?? []
  const replies = channel?.messages.filter((m) => thread && (m.ts === thread || m.thread_ts === thread)) ?? []

  const list = useNewest(channel?.id ?? '', roots.length)
  const said = useNewest(thread, replies.length)
  return (
    <div class={`swindow${replies.length > 0 ? ' threaded' : ''}`}>
      <header class="top">
        <div class="intro"><h1>{words.title}</h1><p>{words.lead}</p></div>
        <div class="tools">
          <label class="tool">{words.you}&nbsp;<select value={user} onChange={(event) => choose(event.currentTarget.value)}>{staff.map((one) => <option key={one.id} value={one.id}>{one.real_name || one.name}</option>)}</select></label>
          <a class="tool" href={`./${location.search}`}>{words.phones}</a><a class="tool" href={`mail.html${location.search}`}>{words.mail}</a><a class="tool" href="/console/">{words.desk}</a>
          <button type="button" class="tool" onClick={() => { const next = language === 'zh' ? 'en' : 'zh'; keepLanguage(next); setLanguage(next) }}>{words.other}</button>
        </div>
      </header>
      {!alive && <p class="lost" role="status">{words.lost}</p>}
      {told && <p class="lost" role="alert">{told}</p>}
      <nav class="sside" aria-label={words.channels}>
        {look?.channels.map((one) => <button key={one.id} type="button" aria-current={!home && one === channel} onClick={() => { setAt(one.id); setThread('') }}># {one.name}</button>)}
        <button type="button" aria-current={home} onClick={() => { setAt('home'); setThread(''); void act({ do: 'home' }) }}>⌂ {words.home}</button>
        {look && !look.connected && <p class="soff">{words.offline}</p>}
      </nav>
      <main class="smain">
        {home && <section class="slist">{look?.home?.blocks ? <Blocks blocks={look.home.blocks} people={people} press={(one) => void act({ do: 'press_view', view: look.home?.id, action: one.action_id, value: one.value })} /> : <p class="sempty">{words.noHome}</p>}</section>}
        {!home && <section ref={list} class="slist" aria-live="polite" tabIndex={0}>
          {roots.length === 0 && <p class="sempty">{words.empty}</p>}
          {roots.map((m) => <MessageLine key={m.ts} message={m} me={user} people={people} words={words} hands={hands} open={() => setThread(m.ts)} />)}
        </section>}
        {!home && channel && (channel.archived ? <p class="sempty">{words.archived}</p> : <Composer hint={words.writeChannel} words={words} write={(text, file) => say(text, file)} />)}
      </main>
      {replies.length > 0 && <aside class="sthread" aria-label={words.thread}>
        <div class="shead"><h2>{words.thread}</h2><button type="button" class="sbutton" onClick={() => setThread('')}>{words.close}</button></div>
        <section ref={said} class="slist" aria-live="polite" tabIndex={0}>{replies.map((m) => <MessageLine key={m.ts} message={m} me={user} people={people} words={words} hands={hands} />)}</section>
        <Composer hint={words.write} words={words} write={(text, file) => say(text, file, thread)} />
      </aside>}
      {look?.dialog && <Dialog key={look.dialog.id} view={look.dialog} people={people} words={words} dismiss={() => void act({ do: 'dismiss' })}
        submit={(values, file) => void act({ do: 'submit', values, ...(file && { action: file.action, name: file.name, data: file.data }) })} />}
    </div>
  )
}
