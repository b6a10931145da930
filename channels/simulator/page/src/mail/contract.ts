/** What the server says and takes; the Go side is package post: page.go, mail.go and write.go. */
export interface View {
  address: string
  domain: string
  accounts: string[]
  away: boolean
  mails: Mail[]
}

export interface Person {
  name: string
  address: string
}

export interface Mail {
  n: number
  thread: number
  at: string
  folder: 'inbox' | 'sent'
  read: boolean
  from: Person
  to: Person[]
  cc: Person[]
  reply_to: Person[]
  subject: string
  preview: string
  message_id: string
  in_reply_to?: string
  auto?: string
  files: { name: string; type: string; size: number }[]
}

export interface Body {
  text: string
  html: string
}

export type Program = 'gmail' | 'outlook' | 'foxmail'

export interface Draft {
  name: string
  to: string
  cc: string
  subject: string
  text: string
  reply: number
  forward: number
  program: Program
  english: boolean
  files: { name: string; type: string; content: string }[]
}

export type Answer = 'reply' | 'all' | 'forward'
