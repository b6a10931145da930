import type { Act, Exchange, Order, Snapshot } from './contract'

/** The simulator behind this page, as one visitor sees it. */
export class Server {
  constructor(private readonly visitor: string, private readonly ask: typeof fetch = (...args) => fetch(...args)) {}

  private url(path: string): string {
    return `${path}${path.includes('?') ? '&' : '?'}visitor=${encodeURIComponent(this.visitor)}`
  }

  /** Follows what the phones show until the function that comes back is called. */
  follow(show: (snapshot: Snapshot) => void, alive: (connected: boolean) => void): () => void {
    const source = new EventSource(this.url('stream'))
    source.onmessage = (event: MessageEvent<string>) => {
      alive(true)
      show(JSON.parse(event.data) as Snapshot)
    }
    source.onerror = () => alive(false)
    return () => source.close()
  }

  act(app: string, act: Act): Promise<string> {
    return this.post(`accounts/${encodeURIComponent(app)}/act`, act)
  }

  control(app: string, order: Order): Promise<string> {
    return this.post(`accounts/${encodeURIComponent(app)}/control`, order)
  }

  async exchanges(after: number): Promise<Exchange[]> {
    const answer = await this.ask(this.url(`exchanges?after=${after}`))
    return answer.ok ? ((await answer.json()) as Exchange[]) : []
  }

  /** Gives the reason when the server does not do it, else nothing. */
  private async post(path: string, body: Act | Order): Promise<string> {
    try {
      const answer = await this.ask(this.url(path), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
      return answer.ok ? '' : (await answer.text()).trim()
    } catch (error) {
      return String(error)
    }
  }
}

const key = 'huiyin-simulator-visitor'

/** Who this browser is; the address may say so. */
export function visitor(): string {
  const named = new URLSearchParams(location.search).get('visitor')
  if (named) return named
  const kept = read(key)
  if (kept) return kept
  return newVisitor()
}

export function newVisitor(): string {
  const name = `guest-${Math.random().toString(36).slice(2, 6)}`
  write(key, name)
  return name
}

export function read(name: string): string {
  try {
    return localStorage.getItem(name) ?? ''
  } catch {
    return ''
  }
}

export function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Private windows may keep nothing; then the page begins anew each time.
  }
}
