import { describe, expect, it } from 'vitest'
import { choose, chosenFor, columnsQuery, hasQuestion, underWay } from './importing'

describe('columns of a table', () => {
  it('starts with what the server guessed', () => expect(chosenFor(['Nr', 'Frage', 'x'], { key: 0, 'question.en': 1 })).toEqual(['key', 'question.en', '']))
  it('takes no two columns for the same', () => expect(choose(['key', 'question', ''], 2, 'key')).toEqual(['', 'question', 'key']))
  it('leaves as many columns as one likes', () => expect(choose(['', 'question', ''], 1, '')).toEqual(['', '', '']))
  it('needs a question', () => {
    expect(hasQuestion(['key', 'answer'])).toBe(false)
    expect(hasQuestion(['question.en'])).toBe(true)
  })
  it('is told to the server by place', () => expect(columnsQuery(['key', '', 'question'])).toBe('key=0;question=2'))
})

describe('an import', () => {
  it('is under way or not', () => expect((['running', 'checked', 'done', 'failing', 'failed', 'undoing', 'undone'] as const).map((state) => underWay({ state }))).toEqual([true, false, false, true, false, true, false]))
})
