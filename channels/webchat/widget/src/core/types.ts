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
  text: string
  html: string
  activity: string
  choices: Choice[]
  attachments: Attachment[]
  clientId: string
  delivery: string
  at: number
  canRate: boolean
  helpful?: boolean
}

export type Status = 'none' | 'bot' | 'queued' | 'agent' | 'resolved'

/** Where the conversation stands. */
export interface Standing {
  status: Status
  position: number
  waitSeconds: number
  agent: string
  online: boolean
}

export interface Config {
  name: string
  greeting: string
  color: string
  theme: 'auto' | 'light' | 'dark'
  languages: string[]
  quickReplies: string[]
  preChat: 'off' | 'optional' | 'required'
  online: boolean
  bot: boolean
  maxFileBytes: number
  fileTypes: string[]
}

export type Frame =
  | { type: 'message'; message: Message }
  | { type: 'message_state'; conversation: string; seq: string; delivery: string; helpful?: boolean }
  | { type: 'state'; state: Standing }
  | { type: 'typing'; from: 'agent' | 'bot' }
  | { type: 'cursor'; cursor: string }
