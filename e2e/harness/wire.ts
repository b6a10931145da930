import { connect, createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net'

/** The cable between one person and the server: it can be cut, with everything that is on it. */
export class Wire {
  private readonly sockets = new Set<Socket>()
  private whole = true

  private constructor(private readonly listener: Listener, private readonly target: number) {}

  static async lay(url: string): Promise<Wire> {
    const listener = createServer()
    const wire = new Wire(listener, Number(new URL(url).port))
    listener.on('connection', (near) => wire.join(near))
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
    return wire
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`
  }

  private join(near: Socket): void {
    if (!this.whole) return void near.destroy()
    const far = connect(this.target, '127.0.0.1')
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.sockets.delete(one)
        other.destroy()
      })
    }
  }

  cut(): void {
    this.whole = false
    for (const socket of this.sockets) socket.destroy()
  }

  mend(): void {
    this.whole = true
  }

  async remove(): Promise<void> {
    this.cut()
    await new Promise((done) => this.listener.close(done))
  }
}
