import type { VNode } from 'preact'
import { Blocks } from './blocks'
import type { Element, Message } from './contract'
import { Mrkdwn } from './mrkdwn'
import type { Words } from './words'

export interface Hands {
  press: (message: Message, element: Element) => void
  shortcut: (message: Message) => void
  edit: (message: Message, text: string) => void
  erase: (message: Message) => void
}

interface Props {
  message: Message
  me: string
  people: Map<string, string>
  words: Words
  hands: Hands
  open?: () => void // its thread
}

function clock(ts: string): string {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

function Menu({ message, me, words, hands }: Props): VNode {
  const ask = (): void => {
    const text = prompt(words.edit, message.text)
    if (text) hands.edit(message, text)
  }
  return (
    <details class="smenu" onClick={(event) => { if (event.target instanceof HTMLButtonElement) event.currentTarget.open = false }}>
      <summary aria-label={words.more}>⋯</summary>
      <div>
        <button type="button" onClick={() => hands.shortcut(message)}>{words.toCustomer}</button>
        {message.user === me && <button type="button" onClick={ask}>{words.edit}</button>}
        {message.user === me && <button type="button" onClick={() => hands.erase(message)}>{words.erase}</button>}
      </div>
    </details>
  )
}

/** One message of a channel or a thread. */
export function MessageLine(props: Props): VNode {
  const { message, people, words, hands, open } = props
  const name = people.get(message.user ?? '') ?? message.user ?? ''
  return (
    <article class={`smessage${message.whisper ? ' whisper' : ''}`} data-ts={message.ts}>
      <div class={`sface${message.bot_id ? ' bot' : ''}`} aria-hidden="true">{name.slice(0, 1)}</div>
      <div class="sbody">
        <p class="sname"><b>{name}</b>{message.bot_id && <span class="sapp">{words.app}</span>}<time>{clock(message.ts)}</time>{message.whisper && <span class="swhisper">{words.whisper}</span>}</p>
        {message.blocks?.length ? <Blocks blocks={message.blocks} people={people} press={(one) => hands.press(message, one)} /> : <p class="ssection"><Mrkdwn text={message.text} people={people} />{message.edited && !message.bot_id && <small> {words.edited}</small>}</p>}
        {message.files?.map((file) => <a key={file.id} class="sfile" href={`slack/window/file/${file.id}`}>📎 {file.name}</a>)}
        {open && !message.whisper && <button type="button" class="sreplies" onClick={open}>{message.reply_count ? words.replies(message.reply_count) : words.thread}</button>}
      </div>
      {!message.whisper && !message.bot_id && <Menu {...props} />}
    </article>
  )
}
