import { readFileSync } from 'node:fs'
import type { Request } from 'playwright-core'
import { expect } from 'vitest'
import { freePort, Letters } from './harness/letters'
import { Rest } from './harness/rest'
import { Stage } from './harness/stage'
import { eventually, see } from './harness/wait'
import { Desk } from './pages/desk'

const stage = Stage.open('mail-hostile')
const support = 'hostile@shop.example'
const perThread = 40

/** The bodies that are tried on the cleaner in Go too: each tries to run canary() or to load from canary.example. */
const bodies = readFileSync(new URL('../channels/internal/mail/testdata/hostile.jsonl', import.meta.url), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as string)

/** One mail; those of one sender answer their first, and so stand in one conversation. */
function letter(sender: string, number: number, html: string): string {
  const head = [`From: ${sender}`, `To: ${support}`, `Subject: hostile ${sender}`, `Message-ID: <${number}.${sender}>`, 'Date: Sun, 22 Nov 2026 03:00:00 +0000', 'MIME-Version: 1.0']
  if (number > 0) head.push(`In-Reply-To: <0.${sender}>`, `References: <0.${sender}>`)
  const body = Buffer.from(`<p>mail ${number} of ${sender}</p>${html}`).toString('base64').replace(/.{76}/g, '$&\r\n')
  return `${head.join('\r\n')}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}`
}

const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
let desk: Desk
let rest: Rest
let letters: Letters
const asked: string[] = [] // what a page asked for, were it refused by the page's own policy
const loaded: string[] = [] // what went out
const ran: string[] = []

/** Opens the conversation of a sender by its link and tells how many mails it shows in frames. */
async function openThreadOf(sender: string, mails: number): Promise<void> {
  const id = await eventually(async () => {
    const found = await rest.call<{ items: { id: number }[] }>('GET', `/conversations?q=${encodeURIComponent(sender)}`)
    expect(found.items.length, `conversations of ${sender}`).toBe(1)
    const messages = await rest.call<{ mail?: unknown; sender: string }[]>('GET', `/conversations/${found.items[0]?.id ?? 0}/messages?limit=100`)
    expect(messages.filter((one) => one.sender === 'contact').length, `mails of ${sender}`).toBe(mails)
    return found.items[0]?.id ?? 0
  }, 60_000)
  await desk.open(`inbox/${id}`)
  await see(desk.thread)
}

/** Shows every mail of the open conversation, history included, and tells where their frames stand. */
async function readAll(): Promise<string[]> {
  const seen = await desk.thread.evaluate(async (thread) => {
    for (const dots of thread.querySelectorAll<HTMLElement>('button.dots[aria-expanded=false]')) dots.click()
    await new Promise((next) => setTimeout(next, 50))
    const frames = [...thread.querySelectorAll('iframe')]
    for (const frame of frames) frame.loading = 'eager'
    return frames.map((frame) => ({ sandbox: frame.getAttribute('sandbox'), source: frame.src }))
  })
  for (const one of seen) expect(one.sandbox).toBe('allow-popups allow-popups-to-escape-sandbox')
  return eventually(async () => {
    const shown = desk.page.frames().slice(1)
    expect(shown.filter((frame) => seen.some((one) => one.source === frame.url())).length).toBe(seen.length)
    await Promise.all(shown.map((frame) => frame.waitForLoadState('load')))
    return shown.map((frame) => frame.url())
  })
}

stage.scene('an inbox takes the mails in', async () => {
  desk = new Desk(await stage.enter('owner', { language: 'en' }), stage.server.url)
  const outside = (request: Request): void => {
    if (!request.url().startsWith(stage.server.url) && !request.url().startsWith('data:')) asked.push(request.url())
  }
  await desk.actor.context.exposeFunction('canary', (what: string) => { ran.push(what) })
  desk.actor.context.on('request', outside)
  await desk.actor.context.route((url) => url.origin !== stage.server.url && url.protocol !== 'data:', (route) => {
    loaded.push(route.request().url())
    return route.fulfill({ contentType: 'image/gif', body: picture })
  })
  await desk.signIn('owner@demo.huiyin.example')
  rest = new Rest(desk.actor.context.request, stage.server.url)
  const port = await freePort()
  await rest.call('POST', '/inboxes', { kind: 'email', name: 'Hostile', settings: { address: support, listen_smtp: `127.0.0.1:${port}`, smtp_host: '127.0.0.1', smtp_port: '9', smtp_security: 'none' } })
  letters = await eventually(() => Letters.open(port))
  expect(bodies.length).toBeGreaterThanOrEqual(400)
  for (const [at, body] of bodies.entries()) {
    const sender = `s${Math.floor(at / perThread)}@evil.example`
    await letters.send(sender, support, letter(sender, at % perThread, body))
  }
}, 120_000)

stage.scene('none of them runs or loads anything', async () => {
  let frames = 0
  for (let from = 0; from < bodies.length; from += perThread) {
    const mails = Math.min(perThread, bodies.length - from)
    await openThreadOf(`s${from / perThread}@evil.example`, mails)
    await eventually(async () => expect(await desk.thread.locator('iframe').count()).toBeGreaterThanOrEqual(mails))
    const shown = await readAll()
    frames += shown.length
    for (const url of shown) expect(new URL(url).origin, 'where a frame stands').toBe(stage.server.url)
    if (from === 0) await stage.shot(desk.actor, 'a thread of hostile mails')
  }
  expect(frames).toBeGreaterThanOrEqual(bodies.length)
  expect(ran, 'scripts that ran').toEqual([])
  expect(asked, 'what was asked for').toEqual([])
  expect(desk.actor.context.pages().length, 'windows').toBe(1)
}, 300_000)

stage.scene('nor do they when nothing has cleaned them: the frame holds by itself', async () => {
  const page = await desk.actor.context.newPage()
  desk.actor.forgive(/./) // the browser tells of everything that it has stopped
  let next = 0
  let headers: Record<string, string> | undefined
  // The document as the server sends it, headers and all, with the body as the mail has it.
  await page.route(/\/messages\/\d+\/mail/, async (route) => {
    headers ??= (await route.fetch()).headers()
    const body = bodies[next++] ?? ''
    await route.fulfill({ headers, body: `<!doctype html><meta charset=utf-8>${body}` })
  })
  const windows = desk.actor.context.pages().length
  const one = await rest.call<{ items: { id: number }[] }>('GET', '/conversations?q=s0%40evil.example')
  const address = `/api/v1/conversations/${one.items[0]?.id ?? 0}/messages/1/mail`
  await page.goto(`${stage.server.url}/console/signin`)
  for (let from = 0; from < bodies.length; from += 61) {
    const count = Math.min(61, bodies.length - from)
    await page.evaluate(async ([source, many]) => {
      document.body.replaceChildren()
      await Promise.all(Array.from({ length: Number(many) }, () => new Promise((done) => {
        const frame = document.createElement('iframe')
        frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox')
        frame.addEventListener('load', done, { once: true })
        frame.src = String(source)
        document.body.append(frame)
      })))
    }, [address, count])
    await page.waitForTimeout(200)
  }
  expect(next).toBe(bodies.length)
  expect(ran, 'scripts that ran').toEqual([])
  expect(loaded, 'what was loaded').toEqual([])
  expect(desk.actor.context.pages().length, 'windows').toBe(windows)
  await page.close()
}, 180_000)

stage.scene('pictures of other servers load once the reader wishes it, and only of that mail', async () => {
  const sender = 'pictures@evil.example'
  await letters.send(sender, support, letter(sender, 0, '<img src="https://canary.example/one.png" width="40" height="30" alt="one"><img src="https://canary.example/spy.gif" width="1" height="1">'))
  await letters.send(sender, support, letter(sender, 1, '<img src="https://canary.example/other.png" alt="other"><blockquote type="cite">On Mon, 1 Jan 2026, a@b.example wrote:<br>before</blockquote>'))
  letters.close()
  await openThreadOf(sender, 2)
  await readAll()
  expect(loaded).toEqual([])
  await desk.thread.getByRole('button', { name: desk.say('mail.pictures.show') }).first().click()
  await eventually(() => { expect(loaded).toEqual(['https://canary.example/one.png']); return Promise.resolve() })
  await stage.shot(desk.actor, 'pictures shown')
})
