/** The phone of a customer at the demo's simulated providers, over the same routes as its page. */
export class Phone {
  constructor(private readonly url: string, private readonly account: string, private readonly visitor: string) {}

  private async post(what: 'act' | 'control', body: unknown): Promise<void> {
    const answer = await fetch(`${this.url}/simulator/accounts/${this.account}/${what}?visitor=${this.visitor}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${what} ${JSON.stringify(body)}: ${answer.status} ${await answer.text()}`)
  }

  /** What the customer does: enter, text, follow… */
  async act(what: string, more: Record<string, unknown> = {}): Promise<void> {
    await this.post('act', { do: what, ...more })
  }

  /** What the provider, or somebody in the WeCom app, does. */
  async control(what: string, more: Record<string, unknown> = {}): Promise<void> {
    await this.post('control', { do: what, ...more })
  }

  /** What the account has written on the phone, oldest first. */
  async said(): Promise<string[]> {
    const stop = new AbortController()
    const answer = await fetch(`${this.url}/simulator/stream?visitor=${this.visitor}`, { signal: stop.signal })
    const reader = answer.body?.getReader()
    let text = ''
    while (reader && !text.includes('\n\n')) text += new TextDecoder().decode((await reader.read()).value, { stream: true })
    stop.abort()
    const look = JSON.parse(text.slice('data: '.length)) as { accounts: { config?: { app_id: string }; app_id?: string; screen: { from: string; text?: string }[] | null }[] }
    const mine = look.accounts.find((one) => (one.config?.app_id ?? one.app_id) === this.account)
    return (mine?.screen ?? []).filter((line) => line.from === 'account').map((line) => line.text ?? '')
  }
}
