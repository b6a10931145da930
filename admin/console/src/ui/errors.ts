import { ApiError } from '../api/problem'
import { t, tryT } from '../i18n'

/** One readable sentence for whatever was thrown: our words for known codes, then the server's detail. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unknown')
  const known = tryT(`error.${error.code}`, '')
  if (!known) return error.detail || t('error.unknown')
  return error.code === 'invalid' && error.detail ? `${known} ${error.detail}` : known
}

/** What the server said about one field of a form. */
export function fieldError(error: unknown, field: string): string {
  return error instanceof ApiError ? error.fields[field] ?? '' : ''
}
