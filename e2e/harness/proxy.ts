import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What stands between a visitor and the hub, and does to the chat's requests. The page itself always gets through. */
export interface Rules {
  /** WebSockets get through. */
  sockets: boolean
  /** Event streams pass, or are held back until they end as by a proxy that buffers. */
  streams: 'pass' | 'hold'
  /** Every request ends after so many ms. */
  longest: number
  /** The share of requests that are lost, half of them on the way back. */
  loss: number
}

const free: Rules = { sockets: true, streams: 'pass', longest: Infinity, loss: 0 }

/** A company's proxy, a hotel's network, a tunnel: HTTP with faults, always the same ones for the same seed. */
export class Proxy {
  rules: Rules = free
  /** How many requests of the chat were lost so far, and which of its paths were asked for. */
  lost = 0
  readonly asked: string[] = []
  private seed = 7

  private constructor(private readonly listener: Server, private readonly target: number) {}

  static async lay(url: string, rules: Partial<Rules>): Promise<Proxy> {
    const listener = createServer()
    const proxy = new Proxy(listener, Number(new URL(url).port))
    proxy.rules = { ...free, ...rules }
    listener.on('request', (request, response) => proxy.pass(request, response))
    listener.on('upgrade', (request, socket, head) => proxy.upgrade(request, socket, head))
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`
  }

  async remove(): Promise<void> {
    this.listener.closeAllConnections()
    await new Promise((done) => this.listener.close(done))
  }

  private chance(): number {
    this.seed = (this.seed * 1103515245 + 12345) % 2147483648
    return this.seed / 2147483648
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const chat = /^\/chat\/\d/.test(request.url ?? '')
    if (chat) this.asked.push(`${request.method} ${request.url?.split('?')[0]}`)
    const fate = chat && this.chance() < this.rules.loss ? (this.chance() < 0.5 ? 'there' : 'back') : 'whole'
    if (fate !== 'whole') this.lost++
    if (fate === 'there') return void request.socket.destroy()
    const onward = ask({ port: this.target, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers }, (answer) => {
      if (fate === 'back') return void request.socket.destroy()
      if (answer.headers['content-type']?.startsWith('text/event-stream') && this.rules.streams === 'hold') return void answer.resume()
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    const cut = Number.isFinite(this.rules.longest) && chat ? setTimeout(() => request.socket.destroy(), this.rules.longest) : undefined
    response.on('close', () => {
      clearTimeout(cut)
      onward.destroy()
    })
    onward.on('error', () => request.socket.destroy())
    request.pipe(onward)
  }

  private upgrade(request: IncomingMessage, near: Duplex, head: Buffer): void {
    if (!this.rules.sockets || this.chance() < this.rules.loss) return void near.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    const far: Socket = connect(this.target, '127.0.0.1', () => {
      const lines = request.rawHeaders.flatMap((name, i, all) => (i % 2 ? [] : [`${name}: ${all[i + 1]}`]))
      far.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      far.write(head)
      near.pipe(far).pipe(near)
    })
    near.on('error', () => far.destroy())
    near.on('close', () => far.destroy())
    far.on('error', () => near.destroy())
  }
}
