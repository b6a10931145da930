import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web site of somebody else with the embed snippet in it, on an origin of its own. */
export class Site {
  private constructor(private readonly server: Server) {}

  /** Every path but those of files shows the page, with further headers where given. */
  static async build(snippet: string, headers: Record<string, string> = {}): Promise<Site> {
    const server = createServer((request, response) => {
      if (request.url?.includes('.')) return void response.writeHead(204).end()
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers })
      response.end(`<!doctype html><html lang="en"><title>Elsewhere</title><h1>Elsewhere</h1>${snippet}</html>`)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return new Site(server)
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`
  }

  async remove(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }
}
