/** What the loader hands to the app, and what the app gives back. Types only: nothing here is shipped. */

/** A signed statement by the embedding site about who the visitor is. */
export interface Identity {
  id?: string
  name?: string
  email?: string
  phone?: string
  /** Hex HMAC-SHA256 of id under the inbox's identity secret, made by the site's server. */
  hash?: string
  /** Or a JWT that says all of it, signed with that secret. */
  token?: string
}

export type EventName = 'ready' | 'open' | 'close' | 'message' | 'unread' | 'sent' | 'error' | 'greeting' | 'expired'

/** What stands on the launcher. */
export interface LauncherState {
  open: boolean
  unread: number
  /** What the button is called; otherwise as before. */
  label?: string
  text?: string | undefined
  color?: string | undefined
  ink?: string
  /** 'left'; the other side otherwise. */
  position?: string | undefined
}

/** The launcher button as the app sees it. */
export interface Launcher {
  button: HTMLButtonElement
  show(state: LauncherState): void
}

export type Side = 'left' | 'right'
export type Theme = 'auto' | 'light' | 'dark'

/** How the chat stands on the page: what the script's data attributes say, and what start() takes. */
export interface Options {
  inbox?: string
  /** URL of the hub; otherwise where the script came from. */
  base?: string
  lang?: string
  /** #rrggbb; otherwise the inbox's colour. */
  color?: string
  position?: string
  theme?: string
  /** Words beside the launcher's icon. */
  launcher?: string
  /** 'required': nothing is kept in the browser before consent(true). */
  consent?: string
  /** 'page': the chat is the page, without launcher, as in a WebView. */
  mode?: string
  /** A question to put at once. */
  ask?: string
}

/** What may change while the chat is there. */
export interface Settings {
  lang?: string
  color?: string
  position?: Side
  theme?: Theme
  launcher?: string
  /** What the visitor said of themselves elsewhere on the site; it proves nothing. */
  profile?: { name?: string; email?: string; phone?: string }
}

/** Whether the browser may keep things: yes, no, or from the visitor's first message on. */
export type Keeps = 'yes' | 'no' | 'ask'

/** Everything the app needs to know about the page it stands on. */
export interface Boot {
  /** Base is the URL of the hub, with a slash at the end. */
  options: Options & { inbox: string; base: string }
  mode: 'panel' | 'page' | 'preview'
  keeps: Keeps
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
  set(settings: Settings): void
  consent(given: boolean): void
  /** Forgets the visitor: for sites where people sign out. */
  reset(): void
  /** Takes the chat off the page. */
  stop(): void
}

/** window.huiyin */
export interface PublicApi extends Omit<App, 'restore'> {
  start(options?: Options): void
  /** Calls fn at each event; the answer takes it off again. */
  on(event: EventName, fn: (detail: unknown) => void): () => void
  /** A call as a list, for pages that call before the script is there: (window.huiyin ||= []).push(['open']). */
  push(...calls: [keyof PublicApi, ...unknown[]][]): void
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
  /** CSS custom properties of the widget by name, such as "--hy-radius": "8px". */
  variables?: Record<string, string>
  /** "ask": the browser keeps nothing before the first message or huiyin.consent(true); "keep": as it needs. */
  storage?: 'keep' | 'ask'
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
  /** Whether sound is on until the visitor says otherwise. */
  sound?: boolean
  /** `profile.consent: true` is sent when the visitor agreed to consent_text; the server refuses the form without. */
  form?: { fields: FormField[]; consent_text?: string }
  /** Opening hours in words, whether open now, and when they open next. */
  hours?: { open: boolean; text?: string; opens_at?: string }
  /** Where an answer can go when the visitor leaves: POST reply-to {channel, address, text?} → 204. */
  reply_to?: ('email' | 'sms')[]
  /** POST rating {conversation, score 1..5, comment?} → 204, once `state.can_rate`. */
  rating?: boolean
  /** POST transcript {conversation} → {url, text_url, mail?}: a page to print and a file to keep, at signed addresses, and
   * the visitor's address, masked, where POST transcript/mail {conversation} sends the record; it names no address itself. */
  transcript?: 'page'
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
  can_rate?: boolean
  rating?: number
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

/*
 * What the server settled beside the above; every word of it is in docs/channels/webchat.md.
 */

/** More in the answer of POST session. */
export interface SessionMore {
  /** The visitor is one whom the site vouches for, so that earlier conversations are worth a list. */
  identified?: boolean
  /** When the token ends. An anonymous one is renewed by every session; after an identity another is due. */
  expires_at?: string
  /** The form is filled in, or none is asked for; with pre_chat "required" messages are refused (400 `form`, with `field`) until then. */
  introduced?: boolean
  /** The visitor has written before. */
  returning?: boolean
}

/** POST reply-to also takes these; consent must be true (400 `consent`), client_id makes a repeat harmless. */
export interface ReplyTo {
  channel: 'email' | 'sms'
  address: string
  text?: string
  name?: string
  consent: true
  client_id?: string
}

/** `GET articles/{id}?lang=TAG`: a published public article; its id comes as `article` of a message and of choices "article:ID". */
export interface Article {
  id: number
  title: string
  html: string
  language: string
  updated_at: string
}

/** What may be said over the WebSocket as text of at most 512 bytes; each may be a POST instead ("typing", "delivered", "read"). */
export type Word =
  | { type: 'ping' } // answered at once with a cursor frame
  | { type: 'typing' }
  | { type: 'delivered'; cursor: string }
  | { type: 'read'; cursor: string }

/**
 * The hub's own page `/chat/{inbox}` loads the loader with data-mode="page": it fills the window, has no launcher and cannot be
 * closed. data-lang and data-ask come from the address; a JWT comes as the fragment #token=… and is taken off the address.
 * `/chat/preview` has data-mode="preview" and data-inbox="preview": the same look without a single request; it posts
 * {type: "huiyin-preview-ready"} to its parent and shows what the parent, on the same origin, posts back.
 */
export interface Preview {
  type: 'huiyin-preview'
  lang: string
  /** As POST session would bring it. */
  config: Record<string, unknown>
}
