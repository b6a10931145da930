import { act } from 'preact/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { Scene } from '../scene'
import { plain } from './past'

const scene = Scene.each()
const long = `<p>${'Words of an answer. '.repeat(20)}</p><p>${'And more of them. '.repeat(20)}</p><ol>${'<li>One step of many, told at length.</li>'.repeat(20)}</ol>`

describe('the menu', () => {
  it('has what the hub offers, moves by arrows and gives the focus back', async () => {
    scene.server.config = { ...scene.server.config, reply_to: ['email'], transcript: 'page' }
    scene.server.say('contact', 'hello')
    await scene.open()
    await scene.press('More')
    expect(scene.texts('[role=menuitem]')).toEqual(['Answer me by email or SMS', 'Keep this conversation', 'Turn sound on'])
    expect(document.activeElement?.textContent).toBe('Answer me by email or SMS')
    await scene.key('.menu', 'ArrowUp')
    expect(document.activeElement?.textContent).toBe('Turn sound on')
    await scene.key('.menu', 'Home')
    await scene.key('.menu', 'ArrowDown')
    expect(document.activeElement?.textContent).toBe('Keep this conversation')
    await scene.key('.menu', 'Escape')
    expect([scene.has('.menu'), document.activeElement?.getAttribute('aria-label')]).toEqual([false, 'More'])
    expect(scene.closed, 'Escape closed the menu, not the panel').not.toHaveBeenCalled()
  })

  it('closes by a press elsewhere', async () => {
    await scene.open()
    await scene.press('More')
    await act(async () => void document.body.dispatchEvent(new Event('pointerdown', { bubbles: true, composed: true })))
    expect(scene.has('.menu')).toBe(false)
  })

  it('turns the sound on and off, and remembers it', async () => {
    await scene.open()
    await scene.press('More')
    await scene.press('Turn sound on')
    expect(scene.bell.on).toBe(true)
    await scene.press('More')
    await scene.press('Turn sound off')
    expect([scene.bell.on, scene.local.get('sound')]).toEqual([false, '0'])
  })

  it('offers earlier conversations to whom the site vouches for', async () => {
    scene.server.config = { ...scene.server.config, identified: true }
    await scene.open()
    await scene.press('More')
    expect(scene.texts('[role=menuitem]')).toContain('Earlier conversations')
  })
})

describe('a long answer', () => {
  it('shows its beginning, and opens whole as a page', async () => {
    scene.server.say('bot', 'words', { html: long, can_rate: true })
    await scene.open()
    expect(scene.texts('.bubble li').length).toBeLessThan(20)
    await scene.press('Read the whole article')
    expect(scene.texts('.reader li')).toHaveLength(20)
    expect(scene.find('.panel').className).toContain('under')
    await act(async () => scene.find('.reader .rating button').click())
    await scene.settle()
    expect(scene.sent('feedback')).toEqual([{ conversation: 1, seq: 1, helpful: true }])
    await scene.key('.reader', 'Escape')
    expect([scene.has('.reader'), scene.closed.mock.calls.length]).toEqual([false, 0])
  })

  it('is the article itself where the visitor may read that', async () => {
    scene.server.say('bot', 'words', { html: long, article: 7 })
    scene.server.replies['GET articles/7'] = { id: 7, title: 'The guide', html: '<p>All of <b>it</b></p><script>alert(1)</script>', updated_at: '2026-11-20T10:00:00Z' }
    await scene.open()
    await scene.press('Read the whole article')
    expect(scene.texts('.reader h3')).toEqual(['The guide'])
    expect(scene.texts('.reader .rich')).toEqual(['All of it'])
    expect(scene.texts('.reader .small')[0]).toContain('November 20, 2026')
  })

  it('is what was said where the article is gone', async () => {
    scene.server.say('bot', 'words', { html: long, article: 7 })
    await scene.open()
    scene.server.faults = [{ status: 404 }]
    await scene.press('Read the whole article')
    expect(scene.texts('.reader li')).toHaveLength(20)
  })

  it.each([
    ['a short one stays whole', '<p>short</p>', false],
    ['one a little longer than the limit too', `<p>${'a'.repeat(700)}</p>`, false],
    ['what the visitor wrote too', '', false],
  ])('%s', async (_, html, cut) => {
    scene.server.say(html ? 'bot' : 'contact', 'a'.repeat(2000), { html })
    await scene.open()
    expect(scene.has('.whole')).toBe(cut)
  })
})

describe('a message left for later', () => {
  const open = async (ways: string[]): Promise<void> => {
    scene.server.config = { ...scene.server.config, reply_to: ways }
    scene.server.status = 'queued'
    await scene.open()
    await scene.press('Answer me by email or SMS instead')
  }

  it('says at each field what is wrong', async () => {
    await open(['email'])
    await scene.submit('.over form')
    expect(scene.texts('.over .hint.bad')).toEqual(['Please fill this in.', 'Please agree first.'])
    await scene.type('.over input[type=email]', 'no address')
    expect(scene.texts('.over .hint.bad')).toEqual(['This does not look like an email address.', 'Please agree first.'])
    expect(scene.sent('reply-to')).toEqual([])
    expect(scene.find('.over input[type=email]').getAttribute('aria-describedby')).toBe(scene.find('.over .hint.bad').id)
  })

  it('goes out once, by the way that was chosen', async () => {
    await open(['email', 'sms'])
    await act(async () => scene.place.querySelectorAll<HTMLElement>('.ways input')[1]?.click())
    await scene.type('.over input[type=tel]', '+86 138 0000 0000')
    await scene.type('.over textarea', 'call me')
    await scene.click('.over input[type=checkbox]')
    scene.server.faults = [{ status: 503, detail: 'Later, please.' }]
    await scene.submit('.over form')
    expect(scene.texts('.over [role=alert]')).toEqual(['Later, please.'])
    await scene.submit('.over form')
    const [sent] = scene.sent('reply-to')
    expect(sent).toMatchObject({ channel: 'sms', address: '+86 138 0000 0000', text: 'call me', consent: true, client_id: expect.stringMatching(/^[0-9a-f]{24}$/) })
    expect(scene.texts('.over [role=status] p')).toEqual(['Thank you. We will answer where you asked us to.'])
  })

  it('is not offered where the owner wants none', async () => {
    scene.server.status = 'queued'
    await scene.open()
    expect(scene.has('.leave')).toBe(false)
  })
})

describe('the rating', () => {
  const closed = async (state: object): Promise<void> => {
    scene.server.status = 'resolved'
    scene.server.state = { can_rate: true, conversation: 1, ...state }
    scene.server.say('agent', 'bye')
    await scene.open()
    await scene.settle()
  }

  it('is asked for when a conversation is over, and sent with a word', async () => {
    await closed({})
    expect(scene.texts('.stars legend')).toEqual(['How did we do?'])
    const stars = [...scene.place.querySelectorAll<HTMLInputElement>('.five input')]
    expect(stars.map((star) => star.getAttribute('aria-label'))).toEqual(['1 · Very bad', '2 · Bad', '3 · All right', '4 · Good', '5 · Very good'])
    await act(async () => stars[3]?.click())
    expect(scene.texts('.five .lit')).toHaveLength(4)
    await scene.type('.stars textarea', 'quick')
    await scene.submit('.stars')
    expect(scene.sent('rating')).toEqual([{ conversation: 1, score: 4, comment: 'quick' }])
    expect(scene.find('.stars').textContent).toContain('Thank you for telling us!')
    await scene.press('Change it')
    expect(scene.has('.five')).toBe(true)
  })

  it('says why it was not taken', async () => {
    await closed({})
    await act(async () => scene.place.querySelectorAll<HTMLInputElement>('.five input')[0]?.click())
    scene.server.faults = [{ status: 409, detail: 'Too late.' }]
    await scene.submit('.stars')
    expect(scene.texts('.stars [role=alert]')).toEqual(['Too late.'])
  })

  it('shows what was given before', async () => {
    await closed({ rating: 5 })
    expect(scene.find('.stars').textContent).toContain('★★★★★')
  })
})

describe('the transcript', () => {
  it('is a page and a file at addresses of the web alone', async () => {
    scene.server.config = { ...scene.server.config, transcript: 'page' }
    scene.server.say('contact', 'hello')
    scene.server.replies['POST transcript'] = { url: '/chat/1/transcripts/x', text_url: 'javascript:alert(1)' }
    await scene.open('zh')
    await scene.press('更多')
    await scene.press('保存对话记录')
    expect([...scene.place.querySelectorAll<HTMLAnchorElement>('.over a')].map((a) => a.href)).toEqual(['https://hub.example/chat/1/transcripts/x'])
    expect(scene.sent('transcript')).toEqual([{ conversation: 1 }])
  })

  it('is sent to the address that the visitor gave', async () => {
    scene.server.config = { ...scene.server.config, transcript: 'page' }
    scene.server.say('contact', 'hello')
    scene.server.replies['POST transcript'] = { url: '/t', text_url: '/f', mail: 'an***@mail.example' }
    await scene.open()
    await scene.press('More')
    await scene.press('Keep this conversation')
    await scene.press('Send it to an***@mail.example')
    expect(scene.sent('transcript/mail')).toEqual([{ conversation: 1 }])
    expect(scene.find('.over').textContent).toContain('Look into your mailbox')
  })

  it('can be asked for again', async () => {
    scene.server.config = { ...scene.server.config, transcript: 'page' }
    scene.server.say('contact', 'hello')
    await scene.open()
    await scene.press('More')
    scene.server.faults = [{ status: 500 }]
    await scene.press('Keep this conversation')
    expect(scene.find('.over').textContent).toContain('This could not be loaded.')
    scene.server.replies['POST transcript'] = { url: '/t' }
    await scene.press('Try again')
    expect(scene.texts('.over a')).toEqual(['Open a page to print'])
  })
})

describe('earlier conversations', () => {
  const open = async (): Promise<void> => {
    scene.server.config = { ...scene.server.config, identified: true }
    await scene.open()
    await scene.press('More')
  }

  it('are listed newest first, page by page, and read again', async () => {
    scene.server.replies['GET conversations'] = { conversations: [{ id: 1, started_at: '2026-11-20T10:00:00Z', last_at: '2026-11-20T11:00:00Z', status: 'resolved', preview: '**Bold** [link](https://x)', agent: 'Li', rating: 4 }], more: true }
    scene.server.say('contact', 'from long ago')
    await open()
    await scene.press('Earlier conversations')
    expect(scene.texts('.past b')).toEqual(['Bold link'])
    expect(scene.texts('.past small')[0]).toMatch(/Closed · With Li · ★★★★$/)
    scene.server.replies['GET conversations'] = { conversations: [{ id: 9, started_at: 'x' }, { preview: 'without id' }], more: false }
    await scene.press('Older ones')
    expect(scene.texts('.past b')).toHaveLength(2)
    await scene.click('.past li button')
    expect(scene.texts('.read .bubble')).toEqual(['from long ago'])
  })

  it('may be none, or not to be had', async () => {
    await open()
    scene.server.faults = [{ status: 500 }]
    await scene.press('Earlier conversations')
    expect(scene.texts('.past [role=status]')).toEqual(['This could not be loaded.'])
    scene.server.replies['GET conversations'] = { conversations: [], more: false }
    await scene.press('Try again')
    expect(scene.texts('.past [role=status]')).toEqual(['There are no earlier conversations.'])
  })

  it.each([
    ['**a** `b`', 'a b'],
    ['![picture](x.png) [text](https://y)', 'picture text'],
    ['1 * 2', '1  2'],
  ])('%j is listed as %j', (line, want) => expect(plain(line)).toBe(want))
})

describe('a part that does not come', () => {
  it('can be asked for again', async () => {
    const { later } = await import('../ui/later')
    const { render } = await import('preact')
    const { ToolsContext } = await import('../ui/context')
    const { wordsOf } = await import('../words/words')
    await scene.open()
    const load = vi.fn().mockRejectedValueOnce(new TypeError('no network')).mockResolvedValue({ part: () => <p>there</p>, css: '' })
    const Part = later(load)
    const place = document.createElement('div')
    await act(async () => render(<ToolsContext.Provider value={{ chat: scene.chat, words: wordsOf('en'), language: 'en', tag: 'en', bell: scene.bell, show: () => undefined }}><Part /></ToolsContext.Provider>, place))
    await scene.settle()
    expect(place.textContent).toBe('This part could not be loaded.Try again')
    await act(async () => place.querySelector('button')?.click())
    await scene.settle()
    expect(place.textContent).toBe('there')
    render(null, place)
  })
})
