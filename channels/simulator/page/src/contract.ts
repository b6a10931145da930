/** What the server says and takes; the Go side is snapshot.go, phone.go and control.go. */
export type Kind = 'wechat' | 'wechat_mini' | 'wecom_kf' | 'sms_aliyun' | 'sms_tencent' | 'sms_twilio'
export type Mode = 'plain' | 'compatible' | 'safe'

export interface Snapshot {
  now: string
  later: number
  exchanges: number
  accounts: Account[]
  /** The visitor's mailbox, where the simulator has any; see mail/contract.ts. */
  mail?: { mails: { folder: string; read: boolean }[] }
}

export interface Account {
  kind: Kind
  name: string
  app_id: string
  mode: Mode
  json: boolean
  account: string
  servicers?: string[]
  templates?: Record<string, string>
  menu: Button[]
  codes: Code[]
  faults: string[]
  twice: boolean
  openid: string
  follows: boolean
  typing: boolean
  state: number
  servicer: string
  allowances: Allowance[]
  screen: Line[]
  /** The approved signature of texts. */
  sign?: string
}

export interface Button {
  type?: string
  name: string
  key?: string
  url?: string
  sub_button?: Button[]
}

export interface Code {
  ticket: string
  scene: string
}

export interface Allowance {
  name: string
  left: number
  total: number
  until: string
}

export interface Line {
  n: number
  at: string
  from: 'customer' | 'account' | 'system'
  kind: string
  text?: string
  title?: string
  description?: string
  url?: string
  picture?: string
  media?: string
  app?: string
  page?: string
  lat?: number
  lng?: number
  choices?: Choice[]
  rows?: [string, string][]
  tail?: string
  how?: string
  who?: string
  parts?: number
  encoding?: string
  state?: string
}

/** Whether an account is with a cloud that carries texts. */
export function texts(account: Pick<Account, 'kind'>): boolean {
  return account.kind.startsWith('sms_')
}

export interface Choice {
  kind: 'click' | 'view' | 'miniprogram' | 'text'
  id?: string
  text: string
  url?: string
}

export interface Exchange {
  n: number
  at: string
  way: 'callback' | 'api'
  account: string
  method: string
  path: string
  request: string
  request_plain?: string
  status: number
  response: string
  response_plain?: string
  note?: string
  code: number
  millis: number
}

/** What the customer does on a phone. */
export interface Act {
  do: string
  text?: string
  name?: string
  type?: string
  content?: string
  title?: string
  about?: string
  url?: string
  app?: string
  page?: string
  lat?: number
  lng?: number
  key?: string
  scene?: string
  line?: number
}

/** What is asked of the provider. */
export interface Order {
  do: string
  mode?: Mode
  fault?: { do: string; path: string; code?: number; text?: string }
  on?: boolean
  text?: string
  hours?: number
}
