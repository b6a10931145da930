import { describe, expect, it } from 'vitest'
import type { Article } from '../../api/types'
import { lookAgain, may, mayDecide, nextStep, type Next } from './life'

const article = (over: Partial<Article>): Article => ({ id: 1, status: 'draft', version: 1, category: '', tags: [], languages: {}, has_draft: true, title: '', used: 0, helpful: 0, unhelpful: 0, created_at: '', updated_at: '', may: ['edit', 'review', 'publish'], ...over })
const asked = { state: 'asked', revision: 1 } as const

describe('nextStep', () => {
  it.each<[string, Partial<Article> | null, boolean, Next]>([
    ['a new one', null, true, 'publish'],
    ['a draft', {}, false, 'publish'],
    ['what is live', { status: 'published', has_draft: false }, false, 'none'],
    ['what is live and being changed', { status: 'published', has_draft: false }, true, 'publish'],
    ['an archived one', { status: 'archived', has_draft: false }, false, 'publish'],
    ['a draft that needs a second person', { needs_approval: true }, false, 'review'],
    ['that was sent', { needs_approval: true, review: asked }, false, 'none'],
    ['that was sent and is being changed', { needs_approval: true, review: asked }, true, 'review'],
    ['that is approved', { needs_approval: false }, false, 'publish'],
    ['approved, but being changed', { needs_approval: false }, true, 'review'],
    ['of who may only write', { may: ['edit'] }, false, 'review'],
  ])('%s', (_name, over, dirty, want) => {
    expect(nextStep(over && article(over), dirty)).toBe(want)
  })
})

describe('rights', () => {
  it('of an article that is not there yet are whoever may make it', () => {
    expect([may(null, 'edit'), may(article({ may: undefined }), 'edit'), may(article({ may: ['edit'] }), 'publish')]).toEqual([true, false, false])
  })

  it.each<[string, Partial<Article>, boolean]>([
    ['somebody else', { review: asked, updated_by: 'Lin' }, true],
    ['who wrote it', { review: asked, updated_by: 'Mo' }, false],
    ['who may not review', { review: asked, updated_by: 'Lin', may: ['edit'] }, false],
    ['nobody was asked', { updated_by: 'Lin' }, false],
  ])('to decide: %s', (_name, over, want) => {
    expect(mayDecide(article(over), 'Mo')).toBe(want)
  })

  it('looks again after days', () => {
    expect(lookAgain(Date.parse('2026-11-22T09:00:00Z'), 90)).toBe('2027-02-20T09:00:00.000Z')
  })
})
