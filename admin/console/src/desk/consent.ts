import { computed, ref, watch, type Ref } from 'vue'
import { api } from '../api/client'
import type { Contact, Conversation, Message } from '../api/types'

/** Whether an activity says that the customer wants messages no more, or again. */
export function aboutConsent(message: Pick<Message, 'activity'>): boolean {
  return message.activity === 'opted_out' || message.activity === 'opted_in'
}

/** The number of the last message of a kind, 0 when there is none. */
export function lastSeq(messages: readonly Message[], kind: (message: Message) => boolean): number {
  return messages.reduce((seq, m) => (kind(m) ? m.seq : seq), 0)
}

/** Since when the contact wants no messages on an inbox: of every identity there; undefined while one of them may be written to. */
export function optedOut(contact: Pick<Contact, 'identities'> | null, inboxId: number): string | undefined {
  const there = contact?.identities.filter((one) => one.inbox_id === inboxId) ?? []
  if (!there.length || there.some((one) => !one.opted_out_at)) return undefined
  return there[0]?.opted_out_at
}

/** The seqs of what a customer wrote right before a line on their consent: the word by which they said so. */
export function consentWords(messages: readonly Message[]): Map<number, 'opted_out' | 'opted_in'> {
  const found = new Map<number, 'opted_out' | 'opted_in'>()
  messages.forEach((m, at) => {
    if (m.activity !== 'opted_out' && m.activity !== 'opted_in') return
    const word = lastSeq(messages.slice(0, at), (one) => one.sender === 'contact')
    if (word) found.set(word, m.activity)
  })
  return found
}

/** Since when the customer of a conversation wants no messages there, kept up with what they say. */
export function useConsent(conversation: Ref<Conversation>, messages: Ref<readonly Message[]>) {
  const contact = ref<Contact | null>(null)
  const lastWord = computed(() => lastSeq(messages.value, (m) => m.sender === 'contact' || aboutConsent(m)))
  let asked = 0
  watch([() => conversation.value.contact.id, lastWord], async ([id]) => {
    const mine = ++asked
    const found = await api.get('/contacts/{id}', { path: { id } }).catch(() => null)
    if (mine === asked && found) contact.value = found
  }, { immediate: true })
  return computed(() => optedOut(contact.value, conversation.value.inbox_id))
}
