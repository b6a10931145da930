import type { Body, Draft, View } from './contract'

/** The mailboxes behind this page, as one visitor sees them. */
export class Server {
  constructor(readonly visitor: string, private readonly ask: typeof fetch = (...args) => fetch(...args)) {}

  url(path: string): string {
    return `${path}?visitor=${encodeURIComponent(this.visitor)}`
  }

  /** Follows the mailbox until the function that comes back is called. */
  follow(show: (view: View | undefined) => void, alive: (connected: boolean) => void): () => void {
    const source = new EventSource(this.url('stream'))
    source.onmessage = (event: MessageEvent<string>) => {
      alive(true)
      show((JSON.parse(event.data) as { mail?: View }).mail)
    }
    source.onerror = () => alive(false)
    return () => source.close()
  }

  async body(n: number): Promise<Body> {
    const answer = await this.ask(this.url(`mail/${n}`))
    return answer.ok ? ((await answer.json()) as Body) : { text: await answer.text(), html: '' }
  }

  async raw(n: number): Promise<string> {
    return (await this.ask(this.url(`mail/${n}/raw`))).text()
  }

  /** Gives the reason when it is not sent, else nothing. */
  send(draft: Draft): Promise<string> {
    return this.post('mail/send', draft)
  }

  away(on: boolean): Promise<string> {
    return this.post('mail/away', { on })
  }

  private async post(path: string, body: unknown): Promise<string> {
    try {
      const answer = await this.ask(this.url(path), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
      return answer.ok ? '' : (await answer.text()).trim()
    } catch (error) {
      return String(error)
    }
  }
}
