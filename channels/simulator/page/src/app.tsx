import { useEffect, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import type { Account, Order, Snapshot } from './contract'
import { Controls } from './controls'
import { Drawer } from './drawer'
import { Phone } from './phone'
import { newVisitor, type Server } from './server'
import { keepLanguage, wordsOf, WordsContext, type Language, type Words } from './words'

interface Props {
  server: Server
  language: Language
}

/** The page: the phones side by side, or on a narrow screen one at a time. */
export function App({ server, language: first }: Props): VNode {
  const [language, setLanguage] = useState(first)
  const [snapshot, setSnapshot] = useState<Snapshot>()
  const [connected, setConnected] = useState(true)
  const [shown, setShown] = useState('')
  const [drawer, setDrawer] = useState(false)
  const [trouble, setTrouble] = useState('')
  const words = wordsOf(language)

  useEffect(() => server.follow(setSnapshot, setConnected), [server])
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = `${words.title} · Huiyin`
  }, [language, words])
  useEffect(() => {
    if (!trouble) return
    const timer = setTimeout(() => setTrouble(''), 4000)
    return () => clearTimeout(timer)
  }, [trouble])

  const accounts = snapshot?.accounts ?? []
  const current = accounts.find((a) => a.app_id === shown) ?? accounts[0]
  const told = (reason: string): void => { if (reason) setTrouble(words.impossible) }
  const order = (account: Account, what: Order): void => void server.control(account.app_id, what).then(told)
  const turn = (): void => {
    const next: Language = language === 'zh' ? 'en' : 'zh'
    keepLanguage(next)
    setLanguage(next)
  }

  return (
    <WordsContext.Provider value={words}>
      <Top words={words} snapshot={snapshot} onTurn={turn} onLater={() => current && order(current, { do: 'later', hours: 48 })}
        onDrawer={() => setDrawer(!drawer)} drawer={drawer} />
      {!connected && <p class="lost" role="alert">{words.lost}</p>}
      {snapshot && accounts.length === 0 && <p class="lost">{words.empty}</p>}
      <nav class="tabs" aria-label={words.phones}>
        {accounts.map((a) => (
          <button key={a.app_id} type="button" aria-pressed={a === current} onClick={() => setShown(a.app_id)}>{words.kinds[a.kind]}</button>
        ))}
      </nav>
      <main class={`desk count-${accounts.length}`}>
        {snapshot && accounts.map((a) => (
          <section key={a.app_id} class={a === current ? 'stand current' : 'stand'} aria-label={words.kinds[a.kind]}>
            <h2>{words.kinds[a.kind]}</h2>
            <Phone account={a} now={snapshot.now} act={(act) => void server.act(a.app_id, act).then(told)} />
            <Controls account={a} now={snapshot.now} order={(what) => order(a, what)} act={(act) => void server.act(a.app_id, act).then(told)} />
          </section>
        ))}
      </main>
      {drawer && <Drawer server={server} accounts={accounts} newest={snapshot?.exchanges ?? 0} onClose={() => setDrawer(false)} />}
      <p class="toast" role="status">{trouble}</p>
    </WordsContext.Provider>
  )
}

interface TopProps {
  words: Words
  snapshot: Snapshot | undefined
  drawer: boolean
  onTurn: () => void
  onLater: () => void
  onDrawer: () => void
}

function Top({ words, snapshot, drawer, onTurn, onLater, onDrawer }: TopProps): VNode {
  const days = Math.round((snapshot?.later ?? 0) / 86400)
  const fresh = snapshot?.mail?.mails.filter((m) => m.folder === 'inbox' && !m.read).length ?? 0
  const another = (): void => {
    newVisitor()
    location.search = ''
  }
  return (
    <header class="top">
      <div class="intro">
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
      </div>
      <div class="tools">
        <a class="tool main" href="/console/" target="_blank" rel="noopener">{words.desk} <span aria-hidden="true">↗</span></a>
        <a class="tool" href="/">{words.home}</a>
        {snapshot?.mail && <a class="tool" href={`mail.html${location.search}`}>{words.mailbox}{fresh > 0 && <b class="count">{fresh}</b>}</a>}
        <a class="tool" href={`slack.html${location.search}`}>{words.slack}</a>
        <button class="tool" type="button" onClick={onDrawer} aria-expanded={drawer}>{words.raw} <b class="count">{snapshot?.exchanges ?? 0}</b></button>
        <button class="tool" type="button" onClick={onLater} title={days > 0 ? words.laterDone(days) : undefined}>{words.later}{days > 0 && <b class="count">+{days}</b>}</button>
        <button class="tool" type="button" onClick={another}>{words.fresh}</button>
        <button class="tool" type="button" lang={words.other === '中文' ? 'zh-CN' : 'en'} onClick={onTurn}>{words.other}</button>
      </div>
    </header>
  )
}
