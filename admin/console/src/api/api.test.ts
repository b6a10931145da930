import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, buildUrl, configureClient, headersFor } from './client'
import { ApiError, readProblem } from './problem'

const answer = (status: number, body: unknown) => new Response(body === undefined ? null : JSON.stringify(body), { status })
const fetching = (response: Response | Error) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => { if (response instanceof Error) throw response; return response })

afterEach(() => vi.restoreAllMocks())

describe('buildUrl', () => {
  it.each([
    ['/users', {}, {}, '/api/v1/users'],
    ['/users/{id}', { id: 5 }, {}, '/api/v1/users/5'],
    ['/attachments/{key}', { key: 'a/b ?' }, {}, '/api/v1/attachments/a%2Fb%20%3F'],
    ['/conversations', {}, { view: 'mine', q: '', unread: false, tag: undefined, limit: 50 }, '/api/v1/conversations?view=mine&limit=50'],
    ['/conversations', {}, { q: '#12 & 李' }, '/api/v1/conversations?q=%2312+%26+%E6%9D%8E'],
    ['/events', {}, { after: 0 }, '/api/v1/events?after=0'],
  ])('%s', (path, values, query, want) => {
    expect(buildUrl(path, values, query)).toBe(want)
  })
})

describe('headersFor', () => {
  it('proves that a write comes from our pages', () => {
    expect(headersFor('GET', false)).not.toHaveProperty('X-Huiyin')
    for (const method of ['POST', 'PATCH', 'DELETE']) expect(headersFor(method, true)).toMatchObject({ 'X-Huiyin': '1', 'Content-Type': 'application/json' })
  })

  it('says the language of the page', () => {
    configureClient({ language: 'zh' })
    expect(headersFor('GET', false)).toMatchObject({ 'Accept-Language': 'zh' })
  })
})

describe('api', () => {
  it('sends the body and the idempotency key, and reads the answer', async () => {
    const sent = fetching(answer(201, { id: 9 }))
    const message = await api.post('/conversations/{id}/messages', { path: { id: 3 }, body: { text: 'hi' }, idempotencyKey: 'k1' })
    expect(message.id).toBe(9)
    const [url, init] = sent.mock.calls[0]!
    expect([url, init?.method, init?.body]).toEqual(['/api/v1/conversations/3/messages', 'POST', '{"text":"hi"}'])
    expect(init?.headers).toMatchObject({ 'Idempotency-Key': 'k1', 'X-Huiyin': '1' })
  })

  it('reads an empty answer as nothing', async () => {
    fetching(answer(204, undefined))
    expect(await api.delete('/session')).toBeUndefined()
  })

  it('says that the server cannot be reached', async () => {
    fetching(new TypeError('failed'))
    await expect(api.get('/me')).rejects.toMatchObject({ status: 0, code: 'network' })
  })

  it('passes on that the caller gave up', async () => {
    fetching(new DOMException('', 'AbortError'))
    await expect(api.get('/me')).rejects.toHaveProperty('name', 'AbortError')
  })

  it('tells once that the session is over, but not of a wrong password', async () => {
    const over = vi.fn()
    configureClient({ onSignedOut: over })
    fetching(answer(401, { type: '', title: 'no', status: 401, code: 'unauthorized' }))
    await expect(api.post('/session', { body: { email: 'a', password: 'b' } })).rejects.toBeInstanceOf(ApiError)
    expect(over).not.toHaveBeenCalled()
    fetching(answer(401, { type: '', title: 'no', status: 401 }))
    await expect(api.get('/me')).rejects.toMatchObject({ code: 'signed_out' })
    expect(over).toHaveBeenCalledOnce()
  })
})

describe('readProblem', () => {
  it.each([
    ['a problem', answer(409, { type: '', title: 'Conflict', status: 409, code: 'owned_by_other', detail: 'Ann has it' }), 'owned_by_other', 'Ann has it'],
    ['a problem without a code', answer(403, { type: '', title: 'Forbidden', status: 403 }), 'forbidden', 'Forbidden'],
    ['a page of a proxy', new Response('<html>Bad gateway</html>', { status: 502 }), 'server', ''],
    ['nothing', new Response(null, { status: 500 }), 'server', ''],
    ['too many', new Response('', { status: 429 }), 'throttled', ''],
  ])('%s', async (_name, response, code, detail) => {
    expect(await readProblem(response)).toMatchObject({ code, detail })
  })

  it('keeps what was said of each field', async () => {
    const problem = await readProblem(answer(422, { type: '', title: 'x', status: 422, code: 'invalid', errors: [{ field: 'name', message: 'is empty' }] }))
    expect(problem.fields).toEqual({ name: 'is empty' })
  })
})
