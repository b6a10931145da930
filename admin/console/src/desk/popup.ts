import { computed, ref, watch, type Ref } from 'vue'
import { api } from '../api/client'
import type { Language } from '../api/types'
import { language, t } from '../i18n'
import { usePeople } from '../stores/people'
import { useThread } from '../stores/thread'
import { attempt } from '../ui/toasts'
import { filterCanned, findTrigger, type Trigger } from './compose'
import { initials } from './pinyin'
import type { Choice } from './ReplyPopup.vue'

/** What the reply box offers while `/` or `#` is being typed. */
export function usePopup(text: Ref<string>, caret: Ref<number>, note: Ref<boolean>) {
  const people = usePeople()
  const thread = useThread()
  const at = ref(0)
  const dismissed = ref(-1)
  const articles = ref<Choice[]>([])
  const loading = ref(false)
  let asked = 0

  const customerLanguage = computed<Language>(() => {
    const known = thread.conversation?.language
    return known === 'zh' || known === 'en' ? known : language.value
  })
  const trigger = computed<Trigger | null>(() => {
    const found = findTrigger(text.value, caret.value, note.value)
    return found && found.from !== dismissed.value ? found : null
  })
  const choices = computed<Choice[]>(() => {
    if (trigger.value?.kind === 'article') return articles.value
    if (trigger.value?.kind === 'mention') return colleagues(trigger.value.query)
    if (trigger.value?.kind !== 'canned') return []
    return filterCanned(people.canned, trigger.value.query, customerLanguage.value).slice(0, 20)
      .map((one) => ({ id: one.id, title: one.title, hint: `/${one.shortcut.replace(/^\//, '')}`, text: one.text }))
  })

  /** Teams have negative ids here, so that one list can hold both. */
  function colleagues(query: string): Choice[] {
    const q = query.toLowerCase()
    const fits = (name: string) => name.toLowerCase().includes(q) || initials(name).startsWith(q)
    return [...people.agents.filter((one) => fits(one.name)).map((one) => ({ id: one.id, title: one.name, hint: t(`presence.${one.presence}`), text: '' })),
      ...people.teams.filter((one) => fits(one.name)).map((one) => ({ id: -one.id, title: one.name, hint: t('mention.team'), text: '' }))].slice(0, 12)
  }

  watch(trigger, (now) => {
    at.value = 0
    if (!now) { dismissed.value = -1; return }
    if (now.kind === 'article') void search(now.query)
  })

  async function search(q: string): Promise<void> {
    const mine = ++asked
    loading.value = true
    const page = await api.get('/articles', { query: { q, status: 'published', limit: 8 } }).catch(() => ({ items: [] }))
    if (mine !== asked) return
    loading.value = false
    articles.value = page.items.map((one) => ({ id: one.id, title: one.title, hint: one.audience === 'internal' ? t('article.internal') : one.category, text: '', barred: one.audience === 'internal' && !note.value }))
  }

  /** The text of a chosen article, plain, in the customer's language when it has one. */
  async function answerOf(id: number): Promise<string> {
    let answer = ''
    await attempt(async () => {
      const article = await api.get('/articles/{id}', { path: { id } })
      const texts = article.languages ?? {}
      answer = await plain((texts[customerLanguage.value] ?? Object.values(texts)[0])?.answer ?? '')
    })
    return answer
  }

  function move(step: number): void {
    at.value = (at.value + step + choices.value.length) % Math.max(1, choices.value.length)
  }
  function dismiss(): void {
    dismissed.value = trigger.value?.from ?? -1
  }
  return { at, trigger, choices, loading, move, dismiss, answerOf, customerLanguage }
}

/** Markdown as the plain text a chat shows. */
export async function plain(markdown: string): Promise<string> {
  const { text } = await api.post('/articles/preview', { body: { markdown } })
  return text.trim()
}
