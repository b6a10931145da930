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
