import type { paths } from './schema.gen'
import { readProblem, ApiError } from './problem'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type PathsWith<M extends Method> = { [P in keyof paths]: paths[P][M] extends undefined ? never : P }[keyof paths]
type Op<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : void
type Result<O> = O extends { responses: infer R }
  ? R extends { 200: infer A } ? Json<A> : R extends { 201: infer B } ? Json<B> : R extends { 202: infer C } ? Json<C> : void
  : void
type Part<O, K extends string> = O extends { parameters: { [k in K]?: infer V } } ? V : undefined
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : undefined

interface Options<P extends keyof paths, M extends Method> {
  path?: paths[P] extends { parameters: { path: infer V } } ? V : Part<Op<P, M>, 'path'>
  query?: Part<Op<P, M>, 'query'>
  body?: Body<Op<P, M>>
  /** A repeat with the same key returns the first result instead of acting again. */
  idempotencyKey?: string
  signal?: AbortSignal
}

const root = '/api/v1'

let language = 'en'
let onSignedOut: () => void = () => undefined

/** Told once by the app: the language of error details, and what to do when the session is over. */
export function configureClient(options: { language?: string; onSignedOut?: () => void }): void {
  if (options.language) language = options.language
  if (options.onSignedOut) onSignedOut = options.onSignedOut
}

/** Fills `{name}` in a path and appends the query, leaving out what is empty. */
export function buildUrl(path: string, values: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_all, key: string) => encodeURIComponent(String(values[key])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '' && value !== false) search.set(key, String(value))
  }
  const text = search.toString()
  return root + filled + (text ? `?${text}` : '')
}

/** Headers of every call; writes carry the proof that they come from our own pages. */
export function headersFor(method: string, json: boolean): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language }
  if (method !== 'GET') headers['X-Huiyin'] = '1'
  if (json) headers['Content-Type'] = 'application/json'
  return headers
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(0, 'network', '')
  }
  if (response.ok) return response
  const problem = await readProblem(response)
  if (problem.status === 401 && !url.endsWith('/session')) onSignedOut()
  throw problem
}

async function call<P extends keyof paths, M extends Method>(method: M, path: P, options: Options<P, M> = {}): Promise<Result<Op<P, M>>> {
  const verb = method.toUpperCase()
  const body = options.body === undefined ? undefined : JSON.stringify(options.body)
  const headers = headersFor(verb, body !== undefined)
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey
  const url = buildUrl(String(path), (options.path ?? {}) as Record<string, unknown>, (options.query ?? {}) as Record<string, unknown>)
  const response = await send(url, { method: verb, headers, body, signal: options.signal })
  if (response.status === 204) return undefined as Result<Op<P, M>>
  return (await response.json()) as Result<Op<P, M>>
}

/** Calls of the REST API, typed by the contract. */
export const api = {
  get: <P extends PathsWith<'get'>>(path: P, options?: Options<P, 'get'>) => call('get', path, options),
  post: <P extends PathsWith<'post'>>(path: P, options?: Options<P, 'post'>) => call('post', path, options),
  put: <P extends PathsWith<'put'>>(path: P, options?: Options<P, 'put'>) => call('put', path, options),
  patch: <P extends PathsWith<'patch'>>(path: P, options?: Options<P, 'patch'>) => call('patch', path, options),
  delete: <P extends PathsWith<'delete'>>(path: P, options?: Options<P, 'delete'>) => call('delete', path, options),
}

/** Sends one file as a form; `progress` is told the share that has left (0 to 1). */
export function upload<T>(path: string, file: File, query: Record<string, unknown> = {}, progress: (share: number) => void = () => undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', buildUrl(path, {}, query))
    request.responseType = 'text'
    for (const [key, value] of Object.entries(headersFor('POST', false))) request.setRequestHeader(key, value)
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total) }
    request.onerror = () => reject(new ApiError(0, 'network', ''))
    request.onload = async () => {
      if (request.status < 300) return resolve(JSON.parse(request.responseText) as T)
      const problem = await readProblem(new Response(request.responseText, { status: request.status }))
      if (problem.status === 401) onSignedOut()
      reject(problem)
    }
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  })
}
