import { computed, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { api } from '../api/client'
import { ApiError } from '../api/problem'
import type { Article } from '../api/types'
import { language, t, type Phrase } from '../i18n'
import { useArticles } from '../stores/articles'
import { useSession } from '../stores/session'
import { explain } from '../ui/errors'
import { toast } from '../ui/toasts'
import { newest, useKept } from './editor/kept'
import { emptyForm, formOf, inputOf, missing, sameForm, type Form } from './form'
import { UnsavedTexts, type Unsaved } from './unsaved'

export const unsaved = new UnsavedTexts(localStorage, () => Date.now())

/** When what is saved goes to the customers, and until when; times as the server takes them. */
export interface Publication { at?: string; expires?: string; reason: string }

/** The writing of one article: loading, unsaved text, saving, publishing, and what happens when somebody else saved first. */
export function useEditing(id: number) {
  const list = useArticles()
  const router = useRouter()
  const article = shallowRef<Article | null>(null)
  const form = ref<Form>(emptyForm())
  const saved = ref<Form>(emptyForm())
  const state = ref<'loading' | 'ready' | 'failed'>(id ? 'loading' : 'ready')
  const error = ref<unknown>(null)
  const busy = ref('')
  const problem = ref('')
  const theirs = shallowRef<Article | null>(null)
  const brought = ref<{ at: number; old: boolean } | null>(null)
  const dirty = computed(() => !sameForm(form.value, saved.value))
  let version = 0
  let made = 0
  let goOn = false
  const session = useSession()
  const kept = useKept(id, form, dirty, () => version, () => session.can('keepTyping'))

  async function load(): Promise<void> {
    if (id) {
      state.value = 'loading'
      try {
        accept(await api.get('/articles/{id}', { path: { id } }))
      } catch (cause) {
        error.value = cause
        state.value = 'failed'
        return
      }
    }
    const typed = await kept.load()
    state.value = 'ready'
    bringBack(typed)
  }

  function accept(next: Article): void {
    article.value = next
    version = next.version
    saved.value = formOf(next)
    form.value = formOf(next)
  }

  /** What was typed last and not saved, in this browser or on the server, comes back. */
  function bringBack(typed: Unsaved | null): void {
    const last = newest(unsaved.load(id), typed)
    if (!last || sameForm({ ...emptyForm(), ...last.form }, saved.value)) return letGo()
    form.value = { ...emptyForm(), ...last.form }
    brought.value = { at: last.at, old: last.version !== version }
    version = last.version
  }

  function letGo(): void {
    unsaved.clear(id)
    kept.forget()
  }

  function discard(): void {
    letGo()
    brought.value = null
    version = article.value?.version ?? 0
    form.value = article.value ? formOf(article.value) : emptyForm()
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  watch(form, () => {
    clearTimeout(timer)
    timer = setTimeout(() => { if (dirty.value) unsaved.save(id, form.value, version); else unsaved.clear(id) }, 300)
  }, { deep: true })

  /** Saves a draft; false when it did not work, and then `problem` or `theirs` says why. */
  async function save(): Promise<boolean> {
    problem.value = complaint(form.value)
    if (problem.value) return false
    const sent = inputOf(form.value, version || undefined)
    const before = article.value
    try {
      const next = id ? await api.patch('/articles/{id}', { path: { id }, body: sent }) : await api.post('/articles', { body: sent })
      const typedSince = JSON.stringify(inputOf(form.value, version || undefined)) !== JSON.stringify(sent)
      const merged = id > 0 && before !== null && (version !== before.version || (next.revision ?? 0) > (before.revision ?? 0) + 1)
      if (merged && typedSince) { theirs.value = next; return false }
      settle(next, typedSince)
      if (merged) toast(t('conflict.merged'))
      return true
    } catch (cause) {
      if (cause instanceof ApiError && cause.code === 'conflict' && id) await meet()
      else problem.value = explain(cause)
      return false
    }
  }

  /** Takes what was saved; words typed while it was under way stay in the form. */
  function settle(next: Article, keepForm: boolean): void {
    const typed = form.value
    const wroteOn = article.value && version !== article.value.version ? version : 0
    accept(next)
    if (keepForm) { form.value = typed; if (wroteOn) version = wroteOn }
    else { clearTimeout(timer); letGo() }
    brought.value = null
    list.take(next)
    if (!id) made = next.id
  }

  async function meet(): Promise<void> {
    try {
      theirs.value = await api.get('/articles/{id}', { path: { id } })
    } catch (cause) {
      problem.value = explain(cause)
    }
  }

  async function overwrite(): Promise<void> {
    version = theirs.value?.version ?? version
    theirs.value = null
    await run('save', save)
  }

  /** Takes their version; ours can be brought back from the message that says so. */
  function yieldToThem(): void {
    const mine = form.value
    const other = theirs.value
    theirs.value = null
    if (!other) return
    accept(other)
    toast(t('conflict.kept'), { action: t('conflict.bringback'), run: () => { form.value = mine } })
  }

  async function run(name: string, action: () => Promise<unknown>): Promise<void> {
    if (busy.value) return
    busy.value = name
    problem.value = ''
    try {
      await action()
    } catch (cause) {
      if (cause instanceof ApiError && cause.code === 'conflict') await meet()
      else problem.value = explain(cause)
    } finally {
      busy.value = ''
      if (made) await router.replace({ name: 'knowledge', params: { id: String(made) }, query: goOn ? { publish: '1' } : {} })
    }
  }

  /** One step in the article's life; words that are being written stay in the form. */
  const step = (name: string, act: (article: Article) => Promise<Article>, done: Phrase): Promise<void> => run(name, async () => {
    if (!article.value) return
    settle(await act(article.value), dirty.value)
    toast(t(done))
  })

  function noteComments(open: number): void {
    if (article.value) article.value = { ...article.value, open_comments: open }
  }

  const doSave = () => run('save', async () => { if (await save()) toast(t('saved')) })
  /** Publishes what is saved, at once or at a time. */
  const publish = (how: Publication) => step('publish', (one) => {
    const body = { version: one.version, expires_at: how.expires, reason: how.reason || undefined }
    return how.at ? api.put('/articles/{id}/schedule', { path: { id: one.id }, body: { ...body, publish_at: how.at } }) : api.post('/articles/{id}/publish', { path: { id: one.id }, body })
  }, how.at ? 'publish.planned' : 'article.published.toast')
  const unpublish = (reason = '') => run('unpublish', async () => {
    settle(await api.post('/articles/{id}/unpublish', { path: { id }, body: { version, reason: reason || undefined } }), dirty.value)
    toast(t('article.unpublished.toast'))
  })
  const archive = (reason = '') => run('archive', async () => {
    await api.delete('/articles/{id}', { path: { id }, query: { reason: reason || undefined } })
    unsaved.clear(id)
    const next = await api.get('/articles/{id}', { path: { id } })
    accept(next)
    list.take(next)
    toast(t('article.archived'))
  })
  const restore = (number: number) => run('restore', async () => {
    settle(await api.post('/articles/{id}/revisions/{number}/restore', { path: { id, number }, body: { version } }), false)
    toast(t('rev.restored'))
  })
  const saveQuietly = () => run('save', save)
  /** Saves what is to be published; a new article goes on at its own address, where the question what to do with it comes back. */
  const saveFirst = async (): Promise<boolean> => {
    let done = !dirty.value && id > 0
    if (!done) await run('publish', async () => { done = await save(); goOn = done && !id })
    return done && id > 0
  }
  return { kept, step, noteComments, article, form, saved, state, error, busy, problem, theirs, brought, dirty, load, discard, doSave, saveQuietly, saveFirst, publish, unpublish, archive, restore, overwrite, yieldToThem }
}

function complaint(form: Form): string {
  const gaps = missing(form)
  const first = language.value === 'zh' ? (['zh', 'en'] as const) : (['en', 'zh'] as const)
  for (const one of first) {
    const gap = gaps[one]
    if (gap) return t(`article.missing.${gap}`, { lang: t(`article.lang.${one}`) })
  }
  return ''
}
