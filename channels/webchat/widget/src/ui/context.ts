import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Chat } from '../core/chat'
import type { View } from '../core/store'
import type { Words } from '../words/words'

/** What every part of the panel can reach. */
export interface Tools {
  chat: Chat
  words: Words
  tag: string
}

export const ToolsContext = createContext<Tools | null>(null)

export function useTools(): Tools {
  const tools = useContext(ToolsContext)
  if (!tools) throw new Error('used outside of the panel')
  return tools
}

/** What the panel shows, followed. */
export function useView(chat: Chat): View {
  const [view, setView] = useState(chat.view.get())
  useEffect(() => {
    setView(chat.view.get())
    return chat.view.follow(setView)
  }, [chat])
  return view
}
