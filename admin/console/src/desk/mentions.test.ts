import { describe, expect, it } from 'vitest'
import type { Message } from '../api/types'
import { mentions, shownMentions } from './mentions'

const said = (...entities: NonNullable<Message['entities']>): Message => ({ entities }) as Message

describe('mentions', () => {
  it('come newest first, and each once', () => {
    const list = mentions([said({ kind: 'order', text: 'a1', value: 'A1' }), {} as Message, said({ kind: 'phone', text: '138****5678', hidden: true }, { kind: 'order', text: 'A1', value: 'A1' })])
    expect(list).toEqual([{ kind: 'phone', text: '138****5678', value: '' }, { kind: 'order', text: 'A1', value: 'A1' }])
  })

  it('are not too many', () => {
    expect(mentions([said(...Array.from({ length: 40 }, (_x, n) => ({ kind: 'order', text: String(n) })))])).toHaveLength(shownMentions)
  })
})
