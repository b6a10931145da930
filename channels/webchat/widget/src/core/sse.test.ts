import { describe, expect, it } from 'vitest'
import { EventParser } from './sse'

function parse(...pieces: string[]): string[] {
  const found: string[] = []
  const parser = new EventParser((data) => found.push(data))
  for (const piece of pieces) parser.push(piece)
  return found
}

describe('EventParser', () => {
  it.each([
    ['one event', ['data: {"a":1}\n\n'], ['{"a":1}']],
    ['no space after the colon', ['data:x\n\n'], ['x']],
    ['several lines are one text', ['data: a\ndata: b\n\n'], ['a\nb']],
    ['comments and ids are no data', [': alive\n\nid: 7\ndata: a\n\n'], ['a']],
    ['all line ends', ['data: a\r\n\r\ndata: b\r\rdata: c\n\n'], ['a', 'b', 'c']],
    ['a half event waits', ['data: a\n'], []],
    ['a cut between the two line ends', ['data: a\r', '\n\r\n'], ['a']],
  ])('%s', (_, pieces, want) => expect(parse(...pieces)).toEqual(want))

  it('finds the same wherever the stream is cut', () => {
    const text = ': hello\r\n\r\nid: 1.2\r\ndata: {"type":"message"}\r\n\r\ndata: second\n\n'
    for (let at = 0; at <= text.length; at++) expect(parse(text.slice(0, at), text.slice(at))).toEqual(['{"type":"message"}', 'second'])
  })
})
