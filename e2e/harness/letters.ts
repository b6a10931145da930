import { createServer, connect, type Socket } from 'node:net'

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    // Below the ports that the system hands out (32768 and above on Linux): one of those may be taken before a server listens.
    const port = 12000 + Math.floor(Math.random() * 8000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}

/** Hands mails in over SMTP (RFC 5321), several in one session. */
export class Letters {
  private rest = ''
  private readonly waiting: ((line: string) => void)[] = []

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.rest += chunk.toString()
      for (let end = this.rest.indexOf('\r\n'); end >= 0; end = this.rest.indexOf('\r\n')) {
        const line = this.rest.slice(0, end)
        this.rest = this.rest.slice(end + 2)
        if (line[3] !== '-') this.waiting.shift()?.(line)
      }
    })
  }

  static async open(port: number): Promise<Letters> {
    const socket = connect(port, '127.0.0.1')
    const letters = new Letters(socket)
    const greeting = letters.answer('2')
    await new Promise((next, fail) => { socket.once('connect', next); socket.once('error', fail) })
    await greeting
    await letters.say('EHLO client.example', '2')
    return letters
  }

  private answer(want: string): Promise<void> {
    return new Promise((next, fail) => {
      this.waiting.push((line) => (line.startsWith(want) ? next() : fail(new Error(`the server said ${line}`))))
    })
  }

  private async say(line: string, want: string): Promise<void> {
    const answered = this.answer(want)
    this.socket.write(`${line}\r\n`)
    await answered
  }

  async send(from: string, to: string, mail: string): Promise<void> {
    await this.say(`MAIL FROM:<${from}>`, '2')
    await this.say(`RCPT TO:<${to}>`, '2')
    await this.say('DATA', '3')
    await this.say(`${mail.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..')}\r\n.`, '2')
  }

  close(): void {
    this.socket.end()
  }
}
