import { useEffect, useRef, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { Icon } from '../icons'
import type { Language } from '../words'
import type { Answer, Body, Mail } from './contract'
import { addressed, framed } from './drafting'
import type { Server } from './server'
import type { Words } from './words'

interface Props {
  mails: Mail[]
  me: string
  words: Words
  server: Server
  language: Language
  onAnswer: (mail: Mail, how: Answer) => void
  onBack: () => void
}

/** A thread, newest mail first, as it comes from the list. */
export function Reader({ mails, words, server, language, onAnswer, onBack }: Props): VNode {
  const newest = mails[0]
  const oldest = mails[mails.length - 1]
  return (
    <article class="thread">
      <header class="title">
        <button type="button" class="back" aria-label={words.back} onClick={onBack}><Icon name="back" /></button>
        <h2>{oldest?.subject || words.noSubject}</h2>
      </header>
      {[...mails].reverse().map((m) => <OneMail key={m.n} mail={m} open={m === newest} words={words} server={server} language={language} onAnswer={onAnswer} />)}
    </article>
  )
}

interface OneProps {
  mail: Mail
  open: boolean
  words: Words
  server: Server
  language: Language
  onAnswer: (mail: Mail, how: Answer) => void
}

function OneMail({ mail, open: first, words, server, language, onAnswer }: OneProps): VNode {
  const [open, setOpen] = useState(first)
  const [body, setBody] = useState<Body>()
  const [plain, setPlain] = useState(false)
  const [raw, setRaw] = useState('')
  useEffect(() => { if (first) setOpen(true) }, [first])
  useEffect(() => { if (open && !body) void server.body(mail.n).then(setBody) }, [open, body, server, mail.n])
  const when = new Date(mail.at).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <section class={`mail ${mail.folder}`} aria-label={`${mail.from.name || mail.from.address} ${mail.subject}`}>
      <button type="button" class="line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <b>{mail.from.name || mail.from.address}</b>
        {mail.auto && <span class="mark">{words.automatic}</span>}
        <time dateTime={mail.at}>{when}</time>
        {!open && <span class="preview">{mail.preview}</span>}
      </button>
      {open && (
        <>
          <dl class="heads">
            <dt>{words.mailFrom}</dt><dd>{addressed(mail.from)}</dd>
            <dt>{words.to}</dt><dd>{mail.to.map(addressed).join(', ')}</dd>
            {mail.cc.length > 0 && <><dt>{words.cc}</dt><dd>{mail.cc.map(addressed).join(', ')}</dd></>}
            <dt>{words.subject}</dt><dd>{mail.subject || words.noSubject}</dd>
          </dl>
          {body && (body.html && !plain ? <Frame html={body.html} title={mail.subject || words.text} /> : <pre class="text" tabIndex={0}>{body.text || body.html}</pre>)}
          {mail.files.length > 0 && (
            <ul class="files" aria-label={words.files}>
              {mail.files.map((f, at) => <li key={f.name + at}><a href={server.url(`mail/${mail.n}/files/${at}`)} download={f.name}>📎 {f.name}</a> <span>{words.size(f.size)}</span></li>)}
            </ul>
          )}
          <div class="acts">
            {(['reply', 'all', 'forward'] as const).map((how) => <button key={how} type="button" class="tool" onClick={() => onAnswer(mail, how)}>{words[how]}</button>)}
            {body?.html && <button type="button" class="tool" onClick={() => setPlain(!plain)}>{plain ? words.asHTML : words.asText}</button>}
            <button type="button" class="tool" onClick={() => void server.raw(mail.n).then(setRaw)}>{words.raw}</button>
          </div>
        </>
      )}
      {raw && <Raw raw={raw} words={words} onClose={() => setRaw('')} />}
    </section>
  )
}

/** The mail's HTML where nothing of it runs. */
function Frame({ html, title }: { html: string; title: string }): VNode {
  return <iframe class="frame" title={title} sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc={framed(html)} />
}

function Raw({ raw, words, onClose }: { raw: string; words: Words; onClose: () => void }): VNode {
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => close.current?.focus(), [])
  return (
    <div class="drawer" role="dialog" aria-label={words.rawTitle} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header><h2>{words.rawTitle}</h2><button type="button" ref={close} aria-label={words.close} onClick={onClose}><Icon name="close" /></button></header>
      <pre class="source" tabIndex={0}>{raw}</pre>
    </div>
  )
}
