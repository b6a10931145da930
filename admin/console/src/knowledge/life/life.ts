import type { Article, ArticleRight } from '../../api/types'

/** Whether the person may do this with the article; one that is not there yet may be written by whoever may make it. */
export function may(article: Article | null, right: ArticleRight): boolean {
  return article === null || (article.may ?? []).includes(right)
}

/** What the page offers first for an article: to send it to review, to plan or publish it, or nothing. */
export type Next = 'review' | 'publish' | 'none'

export function nextStep(article: Article | null, dirty: boolean): Next {
  if (!article) return 'publish'
  const fresh = dirty || article.has_draft || article.status !== 'published'
  if (!fresh) return 'none'
  const unapproved = article.needs_approval === true || (dirty && article.needs_approval !== undefined)
  if (unapproved || !may(article, 'publish')) return article.review?.state === 'asked' && !dirty ? 'none' : 'review'
  return 'publish'
}

/** Whether the reader may decide: it waits for somebody who may, and they did not write it. The server has the last word. */
export function mayDecide(article: Article, me: string): boolean {
  return article.review?.state === 'asked' && may(article, 'review') && article.updated_by !== me
}

/** The day on which an article is looked at again, so many days from now, as the server takes it. */
export function lookAgain(now: number, days: number): string {
  return new Date(now + days * 86_400_000).toISOString()
}
