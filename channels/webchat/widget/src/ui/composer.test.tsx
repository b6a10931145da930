import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../core/api'
import { Scene } from '../scene'

const scene = Scene.each()
const types = ['image/png', 'audio/*']
const png = (name = 'a.png', type = 'image/png') => new File(['picture'], name, { type })

beforeEach(() => void (scene.server.config = { ...scene.server.config, file_types: types, max_file_bytes: 1000 }))

/** An event with files, which happy-dom cannot make by itself. */
function event(name: string, where: 'clipboardData' | 'dataTransfer', files: File[]): Event {
  return Object.assign(new Event(name, { bubbles: true, cancelable: true }), { [where]: { files, types: ['Files'] } })
}
const chips = () => scene.texts('.uploads li > span')

describe('the draft', () => {
  it('is there again, and is shared with the other tabs unless one writes here', async () => {
    scene.draft = 'half a sen'
    await scene.open()
    const field = scene.find<HTMLTextAreaElement>('textarea')
    expect(field.value).toBe('half a sen')
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    await act(async () => scene.drafts[scene.drafts.length - 1]?.('half a sentence'))
    expect(field.value).toBe('half a sentence')
    await scene.type('textarea', 'other')
    expect(scene.draft).toBe('other')
    vi.restoreAllMocks()
  })
})

describe('files', () => {
  let finish: ((outcome: 'there' | Problem) => void)[]
  beforeEach(() => void (finish = []))

  const open = async (): Promise<void> => {
    await scene.open()
    vi.spyOn(scene.chat, 'upload').mockImplementation(
      (file, progress, signal) =>
        new Promise((resolve, reject) => {
          progress(0.5)
          signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')))
          finish.push((outcome) => (outcome === 'there' ? resolve({ key: `key-${file.name}`, name: file.name, type: file.type, size: file.size, url: '' }) : reject(outcome)))
        }),
    )
  }
  const arrive = async (outcome: 'there' | Problem): Promise<void> => {
    await act(async () => finish.shift()?.(outcome))
    await scene.settle()
  }

  it('come by pasting and by dropping anywhere on the panel, with progress, and go with the message', async () => {
    await open()
    await act(async () => void scene.find('textarea').dispatchEvent(event('paste', 'clipboardData', [png()])))
    await act(async () => void scene.find('.thread').dispatchEvent(event('dragover', 'dataTransfer', [])))
    expect(scene.texts('.drop')).toEqual(['Drop files to send them'])
    await act(async () => void scene.find('.thread').dispatchEvent(event('drop', 'dataTransfer', [png('b.png')])))
    expect([chips(), scene.has('.drop')]).toEqual([['a.png', 'b.png'], false])
    expect(scene.find<HTMLProgressElement>('progress').getAttribute('aria-label')).toBe('Uploading a.png, 50 %')
    expect(scene.button('Send').disabled).toBe(true)
    await arrive('there')
    await arrive('there')
    await scene.press('Send')
    expect(scene.sent('messages')[0]).toMatchObject({ text: '', attachments: ['key-a.png', 'key-b.png'] })
    expect(chips()).toEqual([])
  })

  it('can be given up on the way', async () => {
    await open()
    await act(async () => void scene.find('textarea').dispatchEvent(event('paste', 'clipboardData', [png()])))
    await scene.press('Remove a.png')
    expect([chips(), scene.texts('.hint.bad')]).toEqual([[], []])
  })

  it('that did not get there can be sent again', async () => {
    await open()
    await act(async () => void scene.find('textarea').dispatchEvent(event('paste', 'clipboardData', [png()])))
    await arrive(new Problem(0, '', 0))
    expect(scene.texts('.hint.bad')).toEqual(['a.png could not be uploaded.'])
    await scene.press('Send again')
    await arrive('there')
    expect([chips(), scene.button('Send').disabled]).toEqual([['a.png'], false])
  })

  it('that the server refuses are gone, with its reason', async () => {
    await open()
    await act(async () => void scene.find('textarea').dispatchEvent(event('paste', 'clipboardData', [png()])))
    await arrive(new Problem(415, 'This is no picture.', 0))
    expect([chips(), scene.texts('.hint.bad')]).toEqual([[], ['a.png could not be uploaded. This is no picture.']])
  })

  it.each([
    ['of a kind that is not taken', [png('a.exe', 'application/x-msdownload')], ['a.exe: files of this type cannot be sent.'], 0],
    ['that are too large', [new File(['x'.repeat(1001)], 'big.png', { type: 'image/png' })], ['big.png is larger than 1000 B.'], 0],
    ['that are too many', Array.from({ length: 7 }, (_, i) => png(`${i}.png`)), ['At most 5 files in one message.'], 5],
  ])('%s stay here', async (_, files, words, taken) => {
    await open()
    if (words[0]?.includes('1000 B')) words = ['big.png is larger than 1.0 KB.']
    await act(async () => void scene.find('textarea').dispatchEvent(event('paste', 'clipboardData', files)))
    expect([scene.texts('.hint.bad'), chips().length]).toEqual([words, taken])
  })
})

describe('emoji', () => {
  it('are chosen by keyboard and come where one writes', async () => {
    await scene.open()
    await scene.type('textarea', 'ab')
    scene.find<HTMLTextAreaElement>('textarea').setSelectionRange(1, 1)
    await scene.press('Emoji')
    const at = () => [...scene.place.querySelectorAll('.emoji button')].findIndex((b) => b === document.activeElement)
    expect(at()).toBe(0)
    const walk = ['ArrowLeft', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'End', 'ArrowRight', 'Home', 'ArrowDown']
    const places: number[] = []
    for (const key of walk) {
      await scene.key('.emoji', key)
      places.push(at())
    }
    const last = scene.texts('.emoji button').length - 1
    expect(places).toEqual([0, 1, 9, 1, last, last, 0, 8])
    await act(async () => (document.activeElement as HTMLElement).click())
    await scene.settle()
    expect(scene.find<HTMLTextAreaElement>('textarea').value).toMatch(/^a.+b$/u)
    await scene.key('.emoji', 'Escape')
    expect([scene.has('.emoji'), document.activeElement?.tagName, scene.closed.mock.calls.length]).toEqual([false, 'TEXTAREA', 0])
  })
})

describe('a voice message', () => {
  class FakeRecorder {
    static isTypeSupported = (type: string) => type.startsWith('audio/webm')
    state = 'inactive'
    ondataavailable: ((e: { data: Blob }) => void) | null = null
    onstop: (() => void) | null = null
    start(): void {
      this.state = 'recording'
    }
    stop(): void {
      this.state = 'inactive'
      this.ondataavailable?.({ data: new Blob(['sound']) })
      this.onstop?.()
    }
  }
  const freed = vi.fn()
  let allowed = true

  beforeEach(() => {
    freed.mockClear()
    allowed = true
    vi.stubGlobal('MediaRecorder', FakeRecorder)
    const getUserMedia = () => (allowed ? Promise.resolve({ getTracks: () => [{ stop: freed }] }) : Promise.reject(new DOMException('no', 'NotAllowedError')))
    Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia }, configurable: true })
  })
  afterEach(() => Reflect.deleteProperty(navigator, 'mediaDevices'))

  it('is recorded, timed, stopped and sent', async () => {
    await scene.open()
    const carried: File[] = []
    vi.spyOn(scene.chat, 'upload').mockImplementation((file) => {
      carried.push(file)
      return Promise.resolve({ key: 'voice', name: file.name, type: file.type, size: file.size, url: '' })
    })
    await scene.press('Record a voice message')
    await scene.settle(3000)
    expect([scene.texts('.voice .state'), scene.texts('.voice time')]).toEqual([['Recording'], ['0:03']])
    await scene.press('Stop recording')
    expect(freed).toHaveBeenCalledOnce()
    await scene.press('Send voice message')
    await scene.settle()
    expect(carried.map((f) => [f.name.replace(/\d/g, '0'), f.type])).toEqual([['voice-00000000-000000.weba', 'audio/webm']])
    expect(scene.sent('messages')[0]).toMatchObject({ attachments: ['voice'] })
    expect(scene.has('textarea')).toBe(true)
  })

  it('is given up by Escape, and frees the microphone', async () => {
    await scene.open()
    await scene.press('Record a voice message')
    await scene.key('.voice', 'Escape')
    expect([scene.has('.voice'), freed.mock.calls.length, scene.sent('messages')]).toEqual([false, 1, []])
  })

  it('ends by itself after two minutes', async () => {
    await scene.open()
    await scene.press('Record a voice message')
    await scene.settle(121_000)
    await scene.settle()
    expect(scene.button('Send voice message')).toBeDefined()
  })

  it('says what to do without a microphone', async () => {
    allowed = false
    await scene.open()
    await scene.press('Record a voice message')
    expect(scene.texts('.voice .state')).toEqual(['The microphone cannot be used. Please allow it in your browser.'])
  })

  it('is not offered where no sound is taken, or something is written', async () => {
    await scene.open()
    await scene.type('textarea', 'words')
    expect(() => scene.button('Record a voice message')).toThrow()
    scene.server.config = { ...scene.server.config, file_types: ['image/png'] }
  })
})
