import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const readyWithin = 40_000
const learntWithin = 80_000
const stopWithin = 10_000
const tailLines = 40

/** The product's own binary with the demo, on a free port and in a folder of its own. */
export class Server {
  private process: ChildProcess | undefined
  private log = ''
  private port = 0

  private constructor(private readonly folder: string, private readonly demo: boolean) {}

  static async start(options: { demo: boolean }): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'huiyin-e2e-data-')), options.demo)
    try {
      await server.launch()
    } catch (error) {
      await server.stop()
      throw error
    }
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts again after kill or halt: on the same port and data. What the bot says holds still once it has learnt. */
  async launch(): Promise<void> {
    const binary = process.env.HUIYIN_BIN
    if (!binary) throw new Error('HUIYIN_BIN is not set: run "make e2e"')
    const args = ['serve', '--data', this.folder, '--listen', `127.0.0.1:${this.port}`]
    if (this.demo) args.push('--demo')
    const began = this.log.length
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: this.folder, TZ: process.env.TZ, HUIYIN_LOG_LEVEL: 'debug' } })
    this.process = child
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => { this.log += chunk.toString() })
    await this.until(() => this.ready(began), child, readyWithin)
    if (this.demo) await this.until(() => Promise.resolve(this.log.slice(began).includes('learnt from the articles')), child, learntWithin)
  }

  private async ready(began: number): Promise<boolean> {
    const address = /msg=serving address=\S+?:(\d+)/.exec(this.log.slice(began))
    if (!address) return false
    this.port = Number(address[1])
    return fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false)
  }

  private async until(done: () => Promise<boolean>, child: ChildProcess, within: number): Promise<void> {
    const deadline = Date.now() + within
    while (!(await done())) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}\n${this.tail()}`)
      if (Date.now() > deadline) throw new Error(`the server was not ready within ${within} ms\n${this.tail()}`)
      await new Promise((next) => setTimeout(next, 25))
    }
  }

  /** Ends the server as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((next) => child.once('exit', next))
    child.kill(signal)
    const patience = setTimeout(() => child.kill('SIGKILL'), stopWithin)
    await ended
    clearTimeout(patience)
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM')
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Everything that the server has printed so far. */
  get printed(): string {
    return this.log
  }

  tail(): string {
    return this.log.split('\n').slice(-tailLines).join('\n')
  }
}
