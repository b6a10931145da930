import { t, tryT } from '../i18n'

const handled = /^handled in the WeCom app by (.+); answer there/
const coded = /^(.*?)( \(errcode [^)]*\))?$/s

/** Why a message failed or waits, in the reader's words; what this build does not know stays as the server says it. */
export function reasonText(reason: string): string {
  const by = handled.exec(reason)
  if (by?.[1]) return t('failed.handled', { name: by[1] })
  const [, words = reason, suffix = ''] = coded.exec(reason) ?? []
  return tryT(`failed.${words}`, words) + suffix
}
