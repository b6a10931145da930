import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Chat } from './index.js'

type Loader = { loadChat(options: { base: string; inbox: string; nonce?: string }): Promise<Chat> }
let scripts: HTMLScriptElement[]

// Each test has the module, and the page, to itself; no script is really fetched.
beforeEach(() => {
  vi.resetModules()
  scripts = []
  vi.spyOn(document.head, 'append').mockImplementation((...nodes) => void scripts.push(...(nodes as HTMLScriptElement[])))
})
afterEach(() => {
  vi.restoreAllMocks()
  delete (window as { huiyin?: unknown }).huiyin
})

const loader = async (): Promise<Loader> => (await import('./index.js')) as unknown as Loader
const arrive = (): { start: ReturnType<typeof vi.fn> } => {
  const api = { start: vi.fn() }
  Object.assign(window, { huiyin: api })
  scripts.at(-1)?.onload?.(new Event('load'))
  return api
}

test('one script for any number of calls, started with the options', async () => {
  const { loadChat } = await loader()
  const first = loadChat({ base: 'https://hub.example', inbox: '1', nonce: 'abc' })
  const second = loadChat({ base: 'https://hub.example/', inbox: '2' })
  expect(scripts).toHaveLength(1)
  expect(scripts[0]?.src).toBe('https://hub.example/widget.js')
  expect(scripts[0]?.nonce).toBe('abc')
  expect(scripts[0]?.dataset['manual']).toBe('')
  const api = arrive()
  expect(await first).toBe(api)
  expect(await second).toBe(api)
  expect(api.start.mock.calls).toEqual([[{ base: 'https://hub.example/', inbox: '1' }], [{ base: 'https://hub.example/', inbox: '2' }]])
})

test('a hub below a path keeps it', async () => {
  const { loadChat } = await loader()
  void loadChat({ base: 'https://example.com/help', inbox: '1' })
  expect(scripts[0]?.src).toBe('https://example.com/help/widget.js')
})

test('a script that does not come may be asked for again', async () => {
  const { loadChat } = await loader()
  const first = loadChat({ base: 'https://hub.example', inbox: '1' })
  scripts[0]?.onerror?.(new Event('error'))
  await expect(first).rejects.toThrow('could not be loaded')
  const second = loadChat({ base: 'https://hub.example', inbox: '1' })
  expect(scripts).toHaveLength(2)
  arrive()
  await second
})

test('a script that is something else is refused', async () => {
  const { loadChat } = await loader()
  const loaded = loadChat({ base: 'https://hub.example', inbox: '1' })
  scripts[0]?.onload?.(new Event('load'))
  await expect(loaded).rejects.toThrow('is no chat')
})
