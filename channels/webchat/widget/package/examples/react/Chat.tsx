import { loadChat, type Chat } from '@huiyin/chat'
import { useEffect, useState } from 'react'

/** A button that opens the chat; the chat is there for as long as the button is. Token: who your user is, signed by your server. */
export function ChatButton({ token }: { token?: string }) {
  const [chat, setChat] = useState<Chat>()
  const [unread, setUnread] = useState(0)
  useEffect(() => {
    let gone = false
    let leave = (): void => undefined
    void loadChat({ base: 'http://127.0.0.1:8080', inbox: '1' }).then((loaded) => {
      if (gone) return loaded.stop()
      const quiet = loaded.on('unread', (n) => setUnread(Number(n)))
      leave = () => {
        quiet()
        loaded.stop()
      }
      setChat(loaded)
    })
    return () => {
      gone = true
      leave()
    }
  }, [])
  useEffect(() => {
    if (chat && token) chat.identify({ token })
  }, [chat, token])
  return (
    <button type="button" disabled={!chat} onClick={() => chat?.open()}>
      Help{unread > 0 ? ` (${unread})` : ''}
    </button>
  )
}
