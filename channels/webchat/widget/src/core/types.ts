import type { FormField, Past, Side, Theme } from '../contract'

/** The values that travel between widget and server, as docs/channels/webchat.md describes them. */

export type Sender = 'contact' | 'bot' | 'agent' | 'system'

export interface Choice {
  label: string
  value: string
}

export interface Attachment {
  key: string
  name: string
  type: string
  size: number
  url: string
  width?: number
  height?: number
}

export interface Message {
  conversation: string
  seq: string
  cursor: string
  from: Sender
  author: string
  /** URL of the author's picture, or ''. */
  picture: string
  text: string
  html: string
  activity: string
  choices: Choice[]
  attachments: Attachment[]
  clientId: string
  delivery: string
  at: number
  canRate: boolean
  /** The article it is from, when the visitor may read that. */
  article: string
  helpful?: boolean
}

export type Status = 'none' | 'bot' | 'queued' | 'agent' | 'resolved'

/** Where the conversation stands. */
export interface Standing {
  status: Status
  position: number
  waitSeconds: number
  /** The visitor asked to be answered later, here. */
  later: boolean
  agent: string
  /** URL of the agent's picture, or ''. */
  picture: string
  online: boolean
  conversation: string
  /** Whether the visitor is asked how it was, and what they said. */
  canRate: boolean
  rating: number
}

export type { FormField, Past }

/** When people are there. */
export interface Hours {
  open: boolean
  text: string
  opensAt: number
}

/** The form before the chat, and what the visitor agrees to by it. */
export interface Form {
  fields: FormField[]
  consent: string
}

export interface Config {
  name: string
  greeting: string
  color: string
  theme: Theme
  position: Side | ''
  launcherText: string
  languages: string[]
  quickReplies: string[]
  preChat: 'off' | 'optional' | 'required'
  online: boolean
  bot: boolean
  maxFileBytes: number
  fileTypes: string[]
  /** The form before the chat, as it came; the form itself reads it. */
  form: unknown
  hours: Hours | undefined
  replyTo: ('email' | 'sms')[]
  rating: boolean
  transcript: boolean
  sound: boolean
  /** The site vouches for the visitor. */
  identified: boolean
  variables: [string, string][]
}

export type Frame =
  | { type: 'message'; message: Message }
  | { type: 'message_state'; conversation: string; seq: string; delivery: string; helpful?: boolean }
  | { type: 'state'; state: Standing }
  | { type: 'typing'; from: 'agent' | 'bot' }
  | { type: 'cursor'; cursor: string }
