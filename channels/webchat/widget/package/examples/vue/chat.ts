import { loadChat, type Chat, type ChatOptions } from '@huiyin/chat'
import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'

/** The chat, for as long as the component is on the page. */
export function useChat(options: ChatOptions) {
  const chat = shallowRef<Chat>()
  const unread = ref(0)
  let gone = false
  let quiet: (() => void) | undefined
  onMounted(async () => {
    const loaded = await loadChat(options)
    if (gone) return loaded.stop()
    quiet = loaded.on('unread', (n) => (unread.value = Number(n)))
    chat.value = loaded
  })
  onBeforeUnmount(() => {
    gone = true
    quiet?.()
    chat.value?.stop()
  })
  return { chat, unread }
}
