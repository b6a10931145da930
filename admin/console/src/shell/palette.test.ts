import { describe, expect, it } from 'vitest'
import { matching, type Command } from './palette'

const command = (id: string, label: string, quiet = false): Command => ({ id, group: 'go', label, quiet, run: () => undefined })
const all = [command('queue', '前往：排队中'), command('mine', 'Go to Mine'), command('tag', 'Add tags: refund', true)]

describe('the palette', () => {
  it.each([['', ['queue', 'mine']], ['mine', ['mine']], ['go mi', ['mine']], ['pdz', ['queue']], ['refund', ['tag']], ['nothing', []]])('%s', (query, want) => {
    expect(matching(all, query).map((one) => one.id)).toEqual(want)
  })
})
