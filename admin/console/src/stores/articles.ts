import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '../api/client'
import type { Article, ArticleStatus, Category } from '../api/types'
import { append } from '../knowledge/list'

export const articleShows = ['to_review', 'due', 'mine', 'returned', 'approved'] as const
export type ArticleShow = (typeof articleShows)[number]

/** The list of articles on screen and the categories beside it. */
export const useArticles = defineStore('articles', () => {
  const q = ref('')
  const status = ref<ArticleStatus | ''>('')
  const category = ref('')
  const tag = ref('')
  /** What concerns the reader: sent to them for review, due, theirs; empty: everything. */
  const show = ref<ArticleShow | ''>('')
  const toReview = ref(0)
  const due = ref(0)
  const items = ref<Article[]>([])
  const total = ref(0)
  const categories = ref<Category[]>([])
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = ref<unknown>(null)
  const loadingMore = ref(false)
  const cursor = ref<string | undefined>()
  let request = 0

  const query = () => ({ q: q.value.trim() || undefined, status: status.value || undefined, category: category.value || undefined, tag: tag.value || undefined, show: show.value || undefined, limit: 50 })

  async function load(quiet = false): Promise<void> {
    const mine = ++request
    if (!quiet) state.value = 'loading'
    try {
      const page = await api.get('/articles', { query: query() })
      if (mine !== request) return
      items.value = page.items
      total.value = page.total
      toReview.value = page.to_review ?? 0
      due.value = page.due ?? 0
      cursor.value = page.next
      state.value = 'ready'
    } catch (cause) {
      if (mine !== request) return
      error.value = cause
      state.value = 'failed'
    }
  }

  async function more(): Promise<void> {
    if (!cursor.value || loadingMore.value) return
    const mine = request
    loadingMore.value = true
    try {
      const page = await api.get('/articles', { query: { ...query(), cursor: cursor.value } })
      if (mine !== request) return
      items.value = append(items.value, page.items)
      cursor.value = page.next
    } finally {
      loadingMore.value = false
    }
  }

  async function loadCategories(): Promise<void> {
    categories.value = await api.get('/articles/categories')
  }

  /** Shows a saved article in the list at once; the rest of the list keeps its place. */
  function take(article: Article): void {
    const known = items.value.some((one) => one.id === article.id)
    items.value = known ? items.value.map((one) => (one.id === article.id ? article : one)) : [article, ...items.value]
    if (!known) total.value++
    void loadCategories().catch(() => undefined)
  }
  return { show, toReview, due, q, status, category, tag, items, total, categories, state, error, loadingMore, cursor, load, more, loadCategories, take }
})
