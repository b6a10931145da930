/** What the loader hands to the app, and what the app gives back. Types only: nothing here is shipped. */

/** A signed statement by the embedding site about who the visitor is. */
export interface Identity {
  id: string
  name?: string
  email?: string
  phone?: string
  /** Hex HMAC-SHA256 of id under the inbox's identity secret, made by the site's server. */
  hash: string
}

export type EventName = 'ready' | 'open' | 'close' | 'message' | 'unread' | 'sent' | 'error'

/** The launcher button as the app sees it. */
export interface Launcher {
  button: HTMLButtonElement
  show(state: { open: boolean; unread: number; label: string; color?: string; ink?: string }): void
}

/** Everything the app needs to know about the page it stands on. */
export interface Boot {
  /** URL of the hub, with a slash at the end. */
  base: string
  inbox: string
  lang: string | undefined
  color: string | undefined
  side: 'left' | 'right'
  root: ShadowRoot
  launcher: Launcher
  identity: Identity | undefined
  emit(name: EventName, detail?: unknown): void
}

/** What the loader may ask of the app. */
export interface App {
  open(): void
  /** Opens it as it was on the page before, without taking the focus. */
  restore(): void
  close(): void
  toggle(): void
  ask(text: string): void
  identify(identity: Identity): void
  /** Forgets the visitor: for sites where people sign out. */
  reset(): void
}

/** window.huiyin */
export interface PublicApi extends Omit<App, 'restore'> {
  /** Calls fn at each event; the answer takes it off again. */
  on(event: EventName, fn: (detail: unknown) => void): () => void
}

/**
 * The wire beyond core/types.ts: what the app reads and sends below /chat/{inbox}/ (docs/channels/webchat.md).
 * Every field is optional to read: a hub that does not send it offers no such thing.
 */

/** A bubble beside the launcher, shown by rule to who has not opened the chat. */
export interface Greeting {
  text: string
  /** Patterns of the page's path and query, `*` for anything; none means every page. */
  pages?: string[]
  delay_seconds?: number
  /** A language tag such as zh-CN, zh-TW or en. */
  language?: string
  visitors?: 'all' | 'new' | 'returning'
}

/** `GET look?lang=TAG`, without a token and cacheable: what the loader needs before anything was opened. */
export interface Look {
  color?: string
  position?: 'left' | 'right'
  launcher_text?: string
  greetings?: Greeting[]
}

/** One field of the form before the chat. `key` name, email and phone fill the profile, others `profile.fields[key]`. */
export interface FormField {
  key: string
  label: string
  kind: 'text' | 'email' | 'phone' | 'select'
  required?: boolean
  options?: string[]
}

/** What `config` of a session carries besides core/types.ts. */
export interface ConfigMore extends Look {
  /** `profile.consent: true` is sent when the visitor agreed to consent_text; the server refuses the form without. */
  form?: { fields: FormField[]; consent_text?: string }
  /** Opening hours in words, whether open now, and when they open next. */
  hours?: { open: boolean; text?: string; opens_at?: string }
  /** Where an answer can go when the visitor leaves: POST reply-to {channel, address, text?} → 204. */
  reply_to?: ('email' | 'sms')[]
  /** POST rating {conversation, score 1..5, comment?} → 204, once `state.can_rate`. */
  rating?: boolean
  /** POST transcript {conversation, email?} → {url} (a printable page, signed) or 204 when it was mailed; 'mail' offers the latter. */
  transcript?: 'page' | 'mail'
}

/** What `state` carries besides core/types.ts. */
export interface StateMore {
  conversation?: number
  agent?: { name: string; picture?: string }
  can_rate?: boolean
  rating?: number
}

/** `GET conversations` → {conversations: Past[]}, newest first. Its messages: `GET messages?before=ID.9223372036854775807`. */
export interface Past {
  id: number
  started_at: string
  last_at: string
  status: string
  preview: string
  agent?: string
}

/**
 * Problem 428 `proof` carries `challenge {salt, bits}`. The call is repeated with the header `Huiyin-Proof: salt.nonce`, where
 * SHA-256 of "salt.nonce" begins with so many zero bits.
 */
export interface Challenge {
  salt: string
  bits: number
}

/**
 * Smaller ones: `identity {token}` (a JWT) besides `{id, hash}`; `POST feedback {…, reason?}` of at most 500 characters;
 * `GET messages?after=CURSOR&wait=25` answers when there is news, or after so many seconds; `author.picture?` as agent.picture.
 */
export type WireNotes = never
