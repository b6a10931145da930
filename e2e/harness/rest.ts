import type { APIRequestContext } from 'playwright-core'

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT'

/** The REST API with the session of somebody who is signed in at a browser. */
export class Rest {
  constructor(private readonly request: APIRequestContext, private readonly url: string) {}

  async call<T>(method: Method, path: string, data?: unknown): Promise<T> {
    const answer = await this.request.fetch(`${this.url}/api/v1${path}`, {
      method, headers: { 'X-Huiyin': '1', Origin: this.url }, ...(data === undefined ? {} : { data }),
    })
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
    return (answer.status() === 204 ? undefined : await answer.json()) as T
  }
}
