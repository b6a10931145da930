import type { Outgoing } from './outbox'
import type { Config, Message, Standing } from './types'

/** Everything the panel shows. */
export interface View {
  open: boolean
  /** Opened by itself: the focus stays where it is. */
  quiet: boolean
  phase: 'idle' | 'starting' | 'ready' | 'failed'
  failure: string
  /** The server does not take this site. */
  refused: boolean
  up: boolean
  config: Config | undefined
  messages: Message[]
  more: boolean
  loadingOlder: boolean
  outbox: Outgoing[]
  standing: Standing
  typing: '' | 'agent' | 'bot'
  readTo: string
  unread: number
  /** A passing line about something that did not work. */
  notice: string
  introduced: boolean
  /** The site vouches for the visitor. */
  known: boolean
}

export const nowhere: Standing = { status: 'none', position: 0, waitSeconds: 0, later: false, agent: '', picture: '', online: false, conversation: '', canRate: false, rating: 0 }

export const emptyView: View = {
  open: false,
  quiet: false,
  phase: 'idle',
  failure: '',
  refused: false,
  up: true,
  config: undefined,
  messages: [],
  more: false,
  loadingOlder: false,
  outbox: [],
  standing: nowhere,
  typing: '',
  readTo: '',
  unread: 0,
  notice: '',
  introduced: false,
  known: false,
}

/** A value that others can follow. */
export class Store<T extends object> {
  private readonly followers = new Set<(value: T) => void>()

  constructor(private value: T) {}

  get(): T {
    return this.value
  }

  set(change: Partial<T>): void {
    this.value = { ...this.value, ...change }
    for (const follow of this.followers) follow(this.value)
  }

  follow(fn: (value: T) => void): () => void {
    this.followers.add(fn)
    return () => this.followers.delete(fn)
  }
}
