/** What Slack's window is told, as JSON. */
export interface Person { id: string; name: string; real_name: string; is_bot: boolean; deleted: boolean }
export interface Text { type: string; text: string }
export interface Option { value: string; text: Text }
export interface Element {
  type: string; action_id?: string; text?: Text | string; value?: string; style?: string; url?: string
  multiline?: boolean; initial_value?: string; max_length?: number; options?: Option[]
}
export interface Block { type: string; block_id?: string; text?: Text; elements?: Element[]; element?: Element; label?: Text; optional?: boolean }
export interface SlackFile { id: string; name: string; size: number }
export interface Message {
  ts: string; thread_ts?: string; user?: string; bot_id?: string; text: string; blocks?: Block[]; files?: SlackFile[]
  edited?: { ts: string }; reply_count?: number; whisper?: boolean
}
export interface Channel { id: string; name: string; archived: boolean; messages: Message[] }
export interface View { id: string; title?: Text; submit?: Text; close?: Text; blocks?: Block[]; errors?: Record<string, string> }
export interface Look { me: string; people: Person[]; channels: Channel[]; dialog?: View; home?: View; connected: boolean }

export interface Deed {
  do: 'write' | 'share' | 'edit' | 'erase' | 'press' | 'press_view' | 'shortcut' | 'submit' | 'dismiss' | 'home' | 'command'
  user: string; channel?: string | undefined; thread?: string | undefined; ts?: string | undefined; text?: string | undefined; action?: string | undefined; value?: string | undefined; view?: string | undefined
  name?: string | undefined; data?: string | undefined; values?: Record<string, string> | undefined
}
