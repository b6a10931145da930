import type { Problem } from './types'

/** What went wrong with a call, as the server said it. `network` is a call that never arrived. */
export class ApiError extends Error {
  readonly fields: Record<string, string>
  constructor(readonly status: number, readonly code: string, readonly detail: string, errors: Problem['errors'] = [], readonly more: Pick<Problem, 'newer' | 'draft'> = {}) {
    super(detail || code)
    this.name = 'ApiError'
    this.fields = Object.fromEntries((errors ?? []).map((e) => [e.field, e.message]))
  }
}

const codes: Record<number, string> = {
  400: 'invalid', 401: 'signed_out', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 413: 'too_large', 422: 'invalid', 429: 'throttled',
}

/** Reads problem+json; anything else (a proxy's page, an empty body) becomes an error by its status. */
export async function readProblem(response: Response): Promise<ApiError> {
  const fallback = codes[response.status] ?? 'server'
  const text = await response.text().catch(() => '')
  try {
    const problem = JSON.parse(text) as Partial<Problem>
    return new ApiError(response.status, problem.code || fallback, problem.detail || problem.title || '', problem.errors, { newer: problem.newer, draft: problem.draft })
  } catch {
    return new ApiError(response.status, fallback, '')
  }
}
