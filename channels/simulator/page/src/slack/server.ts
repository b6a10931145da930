import type { Deed, Look } from './contract'

/** The workspace behind this page. */
export class Server {
  constructor(private readonly ask: typeof fetch = (...args) => fetch(...args)) {}

  /** Follows the workspace as a person sees it until the function that comes back is called. */
  follow(user: string, show: (look: Look) => void, alive: (connected: boolean) => void): () => void {
    const source = new EventSource(`slack/window/stream?user=${encodeURIComponent(user)}`)
    source.onmessage = (event: MessageEvent<string>) => {
      alive(true)
      show(JSON.parse(event.data) as Look)
    }
    source.onerror = () => alive(false)
    return () => source.close()
  }

  /** Gives the reason when it was not done, else nothing. */
  async act(deed: Deed): Promise<string> {
    try {
      const answer = await this.ask('slack/window/do', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(deed) })
      return answer.ok ? '' : (await answer.text()).trim()
    } catch (error) {
      return String(error)
    }
  }
}

/** The bytes of a file in base64. */
export async function bytesOf(file: File): Promise<string> {
  let text = ''
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte)
  return btoa(text)
}
