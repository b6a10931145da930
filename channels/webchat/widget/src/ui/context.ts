import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Bell } from '../core/bell'
import type { Chat } from '../core/chat'
import type { View } from '../core/store'
import type { Message } from '../core/types'
import type { Language, Words } from '../words/words'

/** What may lie over the conversation. */
export type Page = { kind: 'reader'; message: Message } | { kind: 'past' } | { kind: 'leave' } | { kind: 'transcript' }

/** What every part of the panel can reach. */
export interface Tools {
  chat: Chat
  words: Words
  language: Language
  tag: string
  bell: Bell
  /** Lays a page over the conversation, or takes it away. */
  show(page: Page | undefined): void
}

export const ToolsContext = createContext<Tools | null>(null)

export function useTools(): Tools {
  const tools = useContext(ToolsContext)
  if (!tools) throw new Error('used outside of the panel')
  return tools
}

/** What a store holds, followed. */
export function useStore<T>(store: { get(): T; follow(fn: (value: T) => void): () => void }): T {
  const [value, setValue] = useState(store.get())
  useEffect(() => {
    setValue(store.get())
    return store.follow(setValue)
  }, [store])
  return value
}

/** What the panel shows, followed. */
export function useView(chat: Chat): View {
  return useStore(chat.view)
}
