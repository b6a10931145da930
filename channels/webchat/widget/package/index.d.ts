/** A signed statement of your server about who the visitor is: a JWT, or the older id with its HMAC. */
export interface Identity {
  id?: string
  name?: string
  email?: string
  phone?: string
  /** Hex HMAC-SHA256 of id under the inbox's identity secret. */
  hash?: string
  /** A JWT (HS256) with sub, aud and exp. */
  token?: string
}

export type ChatEvent = 'ready' | 'open' | 'close' | 'message' | 'unread' | 'sent' | 'error' | 'greeting' | 'expired'

/** How the chat stands on the page; what is left out is as the inbox's settings say. */
export interface ChatOptions {
  /** URL of your hub. */
  base: string
  /** The inbox's id. */
  inbox: string
  lang?: string
  /** #rrggbb */
  color?: string
  position?: 'left' | 'right'
  theme?: 'auto' | 'light' | 'dark'
  /** Words beside the launcher's icon. */
  launcher?: string
  /** 'required': nothing is kept in the browser before consent(true). */
  consent?: 'required'
  /** 'page': the chat is the page, without launcher, as in a WebView. */
  mode?: 'page'
  /** A question to put at once. */
  ask?: string
  /** Of your Content-Security-Policy, for the script element. */
  nonce?: string
}

/** What may change while the chat is there. */
export interface ChatSettings {
  lang?: string
  color?: string
  position?: 'left' | 'right'
  theme?: 'auto' | 'light' | 'dark'
  launcher?: string
  /** What the visitor said of themselves elsewhere on the site; it proves nothing. */
  profile?: { name?: string; email?: string; phone?: string }
}

export interface Chat {
  open(): void
  close(): void
  toggle(): void
  ask(text: string): void
  identify(identity: Identity): void
  set(settings: ChatSettings): void
  consent(given: boolean): void
  /** Forgets the visitor: when your user signs out. */
  reset(): void
  /** Takes the chat off the page. */
  stop(): void
  /** Calls fn at each event; the answer takes it off again. */
  on(event: ChatEvent, fn: (detail: unknown) => void): () => void
}

/** Puts the chat on the page and resolves once its script is there. */
export function loadChat(options: ChatOptions): Promise<Chat>
