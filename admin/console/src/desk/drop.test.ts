import { expect, test } from 'vitest'
import type { Conversation } from '../api/types'
import { drop } from './list'

const row = (id: number) => ({ id }) as Conversation

test('a conversation that went to another team leaves the list, shown or waiting', () => {
  const rows = { shown: [row(1), row(2)], waiting: [row(3), row(2)], more: true }
  expect(drop(rows, 2)).toEqual({ shown: [row(1)], waiting: [row(3)], more: true })
  expect(drop(rows, 9)).toEqual(rows)
})
