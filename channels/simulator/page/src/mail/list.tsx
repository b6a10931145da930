import type { VNode } from 'preact'
import { clock } from '../time'
import type { Mail, Program, View } from './contract'
import type { Server } from './server'
import type { Words } from './words'

interface Props {
  view: View
  words: Words
  folder: Mail['folder']
  shown: Mail[]
  thread: number
  server: Server
  program: Program
  name: string
  onProgram: (program: Program) => void
  onName: (name: string) => void
  onFolder: (folder: Mail['folder']) => void
  onWrite: () => void
  onOpen: (thread: number) => void
}

/** The left of the program: folders, the threads of one, and what can be set. */
export function List({ view, words, folder, shown, thread, server, program, name, onProgram, onName, onFolder, onWrite, onOpen }: Props): VNode {
  const unread = view.mails.filter((m) => m.folder === 'inbox' && !m.read)
  return (
    <aside class="list" aria-label={words.mailbox}>
      <div class="head">
        <p class="address">{view.address}</p>
        <button type="button" class="tool main" onClick={onWrite}>{words.write}</button>
      </div>
      <nav class="folders">
        <button type="button" aria-pressed={folder === 'inbox'} onClick={() => onFolder('inbox')}>{words.inbox}{unread.length > 0 && <b class="count"> {unread.length}</b>}</button>
        <button type="button" aria-pressed={folder === 'sent'} onClick={() => onFolder('sent')}>{words.sent}</button>
      </nav>
      {shown.length === 0 && <p class="nothing">{words.noMails}</p>}
      <ul>
        {shown.map((m) => {
          const fresh = unread.some((u) => u.thread === m.thread)
          const who = folder === 'inbox' ? [m.from] : m.to
          const count = view.mails.filter((o) => o.thread === m.thread).length
          return (
            <li key={m.thread}>
              <button type="button" class={fresh ? 'row fresh' : 'row'} aria-current={m.thread === thread} onClick={() => onOpen(m.thread)}>
                <span class="who">{who.map((p) => p.name || p.address).join(', ')}{count > 1 && <i> {count}</i>}{fresh && <span class="hide"> {words.unread}</span>}</span>
                <time dateTime={m.at}>{clock(new Date(m.at))}</time>
                <span class="subject">{m.subject || words.noSubject}{m.files.length > 0 && ' 📎'}</span>
                <span class="preview">{m.preview}</span>
              </button>
            </li>
          )
        })}
      </ul>
      <details class="settings">
        <summary>{words.tryTitle}</summary>
        <div class="knobs">
          <label>{words.name}<input value={name} maxLength={60} onInput={(e) => onName(e.currentTarget.value)} /></label>
          <label>{words.program}
            <select value={program} onChange={(e) => onProgram(e.currentTarget.value as Program)}>
              {(['gmail', 'outlook', 'foxmail'] as const).map((p) => <option key={p} value={p}>{words.programs[p]}</option>)}
            </select>
          </label>
          <label class="check"><input type="checkbox" checked={view.away} onChange={(e) => void server.away(e.currentTarget.checked)} />{words.away}</label>
          <p>{words.tryBounce(view.domain)}</p>
        </div>
      </details>
    </aside>
  )
}
