import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { api } from '../api/client'
import type { MessagePreview } from '../api/types'

const pause = 250

/** What a reply becomes with the channel's provider, asked for a moment after the last key; null where there is nothing to say. */
export function usePreview(conversationId: number, text: Ref<string>, wanted: Ref<boolean>) {
  const preview = ref<MessagePreview | null>(null)
  const checked = ref('')
  let known = true
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(words: string): Promise<void> {
    const mine = ++asked
    const found = await api.post('/conversations/{id}/preview', { path: { id: conversationId }, body: { text: words } }).catch(() => null)
    if (mine !== asked) return
    if (found) known = found.known
    preview.value = found?.known ? found : null
    checked.value = words
  }

  watch([text, wanted], ([words, on]) => {
    clearTimeout(timer)
    asked++
    const said = words.trim()
    if (!on || !known || !said) { preview.value = null; checked.value = ''; return }
    timer = setTimeout(() => void look(said), pause)
  }, { immediate: true })
  onScopeDispose(() => { clearTimeout(timer); asked++ })
  return { preview, checked }
}

type Words = (key: 'preview.parts' | 'preview.part' | 'preview.left' | 'preview.template', values: Record<string, string | number>) => string

/** "2 parts · UCS-2 · 31 more characters · ¥0.10 · template SMS_1", of what is known. */
export function previewText(p: MessagePreview, words: Words, locale: string): string {
  const said: string[] = []
  if (p.parts) said.push(words(p.parts === 1 ? 'preview.part' : 'preview.parts', { n: p.parts }))
  if (p.encoding) said.push(p.encoding)
  if (p.left !== undefined && p.parts) said.push(words('preview.left', { n: p.left }))
  if (p.price) said.push(money(p.price, p.currency ?? '', locale))
  if (p.template) said.push(words('preview.template', { id: p.template }))
  return said.join(' · ')
}

/** An amount with as many digits as a text's price needs; a currency that nobody knows stands as it is. */
export function money(amount: number, currency: string, locale: string): string {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: 2, maximumFractionDigits: 4 }).format(amount)
  } catch {
    return `${amount} ${currency}`.trim()
  }
}
