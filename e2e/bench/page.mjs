// What the widget costs the page that embeds it: the same page with and without it, in turn, in a Chromium that is slowed
// down to a middling phone on a middling network. Prints a table; HUIYIN_BIN is the server, CHROMIUM the browser.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const rounds = Number(process.env.ROUNDS ?? 9)
/** Lighthouse's "slow 4G", and a quarter of this machine's speed. */
const network = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 }
const slower = 4
const settle = 3000

const binary = process.env.HUIYIN_BIN
if (!binary) throw new Error('HUIYIN_BIN is not set: run "make bench"')

/** Starts the server and waits until it answers. */
async function hub() {
  const folder = mkdtempSync(join(tmpdir(), 'huiyin-bench-page-'))
  const child = spawn(binary, ['serve', '--demo', '--data', folder, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const port = await new Promise((done, failed) => {
    let log = ''
    const read = (chunk) => {
      log += chunk
      const found = /msg=serving address=\S+?:(\d+)/.exec(log)
      if (found) done(found[1])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', () => failed(new Error(log)))
  })
  const stop = () => new Promise((done) => child.removeAllListeners('exit').on('exit', done).kill()).then(() => rmSync(folder, { recursive: true, force: true }))
  return { url: `http://127.0.0.1:${port}`, stop }
}

/** A page like many: text, a picture, a little script of its own. */
async function site(widget) {
  const text = '<p>'.concat('Words of a page that somebody came to read, and that should be there at once. '.repeat(12), '</p>').repeat(20)
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600"><rect width="1200" height="600" fill="#0a666e"/>${'<circle cx="50" cy="50" r="9"/>'.repeat(600)}</svg>`
  const server = createServer((request, response) => {
    const [path] = request.url.split('?')
    if (path === '/picture.svg') return response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(picture)
    const script = path === '/with' ? `<script src="${widget}/widget.js" data-inbox="1" async></script>` : ''
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
    response.end(`<!doctype html><html lang="en"><title>A page</title><h1>A page</h1><img src="/picture.svg" width="600" height="300" alt="">${text}${script}</html>`)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()) }
}

/** Watches what browsers tell of a page's loading. */
const watch = `
  globalThis.seen = { lcp: 0, cls: 0, long: [], fcp: 0 };
  const follow = (type, fn) => new PerformanceObserver((list) => list.getEntries().forEach(fn)).observe({ type, buffered: true });
  follow('largest-contentful-paint', (e) => { seen.lcp = e.startTime });
  follow('layout-shift', (e) => { if (!e.hadRecentInput) seen.cls += e.value });
  follow('longtask', (e) => seen.long.push([e.startTime, e.duration]));
  follow('paint', (e) => { if (e.name === 'first-contentful-paint') seen.fcp = e.startTime });
`

/** Loads the page once in a fresh profile; with a widget it is opened once the page has settled. */
async function load(browser, url, widget) {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 }, locale: 'en-GB' })
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.emulateNetworkConditions', network)
  await wire.send('Emulation.setCPUThrottlingRate', { rate: slower })
  let bytes = 0
  let requests = 0
  wire.on('Network.loadingFinished', (e) => {
    bytes += e.encodedDataLength
    requests++
  })
  await page.addInitScript(watch)
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(settle)
  const seen = await page.evaluate(() => globalThis.seen)
  const found = {
    'first paint, ms': seen.fcp,
    'largest paint, ms': seen.lcp,
    'blocked, ms': seen.long.reduce((sum, [, duration]) => sum + Math.max(0, duration - 50), 0),
    'layout shift': seen.cls,
    requests,
    'bytes': bytes,
  }
  if (widget) {
    const [hadBytes, hadRequests, began] = [bytes, requests, Date.now()]
    await page.getByRole('button', { name: 'Open chat' }).click()
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor()
    found['press to field, ms'] = Date.now() - began
    await page.waitForTimeout(1000)
    found['requests to open'] = requests - hadRequests
    found['bytes to open'] = bytes - hadBytes
  }
  await context.close()
  return found
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]

const server = await hub()
const pages = await site(server.url)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? 'chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
const rows = { without: [], with: [] }
try {
  await load(browser, `${pages.url}/with`, true)
  for (let i = 0; i < rounds; i++) {
    rows.without.push(await load(browser, `${pages.url}/without`, false))
    rows.with.push(await load(browser, `${pages.url}/with`, true))
  }
} finally {
  await browser.close()
  await pages.stop()
  await server.stop()
}
const show = (n) => (n === undefined ? '' : n < 1 && n > 0 ? n.toFixed(4) : String(Math.round(n)))
process.stdout.write(`A page with and without the widget: medians of ${rounds} loads each, in turn; processor ÷ ${slower}, 1.6 Mbit/s, 150 ms.\n\n| | without | with |\n|---|---|---|\n`)
for (const name of Object.keys(rows.with[0])) {
  const [a, b] = [rows.without, rows.with].map((list) => (name in list[0] ? median(list.map((one) => one[name])) : undefined))
  process.stdout.write(`| ${name} | ${show(a)} | ${show(b)} |\n`)
}
