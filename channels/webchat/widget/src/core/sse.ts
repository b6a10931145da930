/** Takes server-sent events apart as they come in; only the data of unnamed events is of use to us. */
export class EventParser {
  private rest = ''
  private data: string[] = []

  constructor(private readonly found: (data: string) => void) {}

  /** Feeds a piece of the stream. */
  push(piece: string): void {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  private line(line: string): void {
    if (line !== '') {
      if (line.startsWith('data:')) this.data.push(line.slice(line[5] === ' ' ? 6 : 5))
      return
    }
    if (this.data.length > 0) this.found(this.data.join('\n'))
    this.data = []
  }
}
