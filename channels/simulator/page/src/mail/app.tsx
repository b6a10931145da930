import { useEffect, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { read, write } from '../server'
import { keepLanguage, type Language } from '../words'
import type { Answer, Draft, Mail, Program, View } from './contract'
import { answering, blank, threads } from './drafting'
import { List } from './list'
import { Reader } from './reader'
import type { Server } from './server'
import { en, zh } from './words'
import { Writer } from './writer'

interface Props {
  server: Server
  language: Language
}

const programKey = 'huiyin-simulator-program'
const nameKey = 'huiyin-simulator-name'

/** The page: a mail program with its list, the mail that is read, and the one that is written. */
export function MailApp({ server, language: first }: Props): VNode {
  const [language, setLanguage] = useState(first)
  const [view, setView] = useState<View | undefined>()
  const [came, setCame] = useState(false)
  const [connected, setConnected] = useState(true)
  const [folder, setFolder] = useState<Mail['folder']>('inbox')
  const [thread, setThread] = useState(0)
  const [draft, setDraft] = useState<Draft>()
  const [program, setProgram] = useState<Program>((read(programKey) || 'gmail') as Program)
  const [name, setName] = useState(read(nameKey))
  const [told, setTold] = useState('')
  const words = language === 'zh' ? zh : en

  useEffect(() => server.follow((next) => { setView(next); setCame(true) }, setConnected), [server])
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = `${words.title} · Huiyin`
  }, [language, words])
  useEffect(() => {
    if (!told) return
    const timer = setTimeout(() => setTold(''), 4000)
    return () => clearTimeout(timer)
  }, [told])

  const start = blank(view?.accounts[0] ?? '', program, language === 'en', name)
  const answer = (mail: Mail, how: Answer): void => setDraft(answering(mail, how, view?.address ?? '', start))
  const send = async (one: Draft): Promise<void> => {
    const reason = await server.send(one)
    setTold(reason || words.sentNow)
    if (!reason) setDraft(undefined)
  }
  const turn = (): void => {
    const next: Language = language === 'zh' ? 'en' : 'zh'
    keepLanguage(next)
    setLanguage(next)
  }
  const current = view?.mails.filter((m) => m.thread === thread) ?? []

  return (
    <>
      <header class="top">
        <div class="intro"><h1>{words.title}</h1><p>{words.lead}</p></div>
        <div class="tools">
          <a class="tool main" href="/console/" target="_blank" rel="noopener">{words.desk} <span aria-hidden="true">↗</span></a>
          <a class="tool" href={`./${location.search}`}>{words.phones}</a>
          <button class="tool" type="button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={turn}>{words.other}</button>
        </div>
      </header>
      {!connected && <p class="lost" role="alert">{words.lost}</p>}
      {came && !view && <p class="lost">{words.none}</p>}
      {view && (
        <main class={draft || current.length > 0 ? 'mailbox reading' : 'mailbox'}>
          <List view={view} words={words} folder={folder} shown={threads(view.mails, folder)} thread={thread} server={server}
            program={program} name={name}
            onProgram={(p) => { write(programKey, p); setProgram(p) }} onName={(n) => { write(nameKey, n); setName(n) }}
            onFolder={(f) => { setFolder(f); setThread(0) }} onWrite={() => setDraft(start)} onOpen={(t) => { setDraft(undefined); setThread(t) }} />
          <section class="pane" aria-label={words.mailbox}>
            {current.length > 0 && <Reader mails={current} me={view.address} words={words} server={server} language={language} onAnswer={answer} onBack={() => { setDraft(undefined); setThread(0) }} />}
            {draft && <Writer key={`${draft.reply}/${draft.forward}`} draft={draft} words={words} onSend={(one) => void send(one)} onCancel={() => setDraft(undefined)} />}
            {!draft && current.length === 0 && <p class="nothing">{words.choose}</p>}
          </section>
        </main>
      )}
      <p class="toast" role="status">{told}</p>
    </>
  )
}
