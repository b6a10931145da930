import { phrases, t, type Phrase } from '../i18n'

const handled = /^handled in the WeCom app by (.+?); answer there/

// What a test of an inbox of mails says of each of its roads.
const roads = /(Receiving|Sending) \((IMAP|SMTP)(?: (\S+))?\): (.+?)\.(?= (?:Receiving|Sending)\b|$)/g

const variable = /^the template's variable takes (\d+) characters, this has (\d+)$/
const refused = /^the provider refused the request \(status (\d+)\)/

function known(words: string): Phrase | undefined {
  const key = `failed.${words}`
  return key in phrases ? (key as Phrase) : undefined
}

/** The server's words up to where a cause is appended: ": cause" or " (errcode …)" or " (error …)" or " (status …)". */
function* heads(reason: string): Generator<[string, string]> {
  yield [reason, '']
  for (const mark of reason.matchAll(/: | \((?=(?:errcode|error|status) )/g)) yield [reason.slice(0, mark.index), reason.slice(mark.index + mark[0].length).replace(/\)$/, '')]
}

/** Why a message failed or waits, in the reader's words; what this build does not know stays as the server says it. */
export function reasonText(reason: string): string {
  if (/^(?:Receiving|Sending) \(/.test(reason)) return reason.replace(roads, (_all, way: string, protocol: string, address: string | undefined, why: string) => t(way === 'Sending' ? 'check.sending' : 'check.receiving', { road: address ? `${protocol} ${address}` : protocol, why: reasonText(why) })).trim()
  const by = handled.exec(reason)
  if (by?.[1]) return t('failed.handled', { name: by[1] })
  const long = variable.exec(reason)
  if (long) return t('failed.variable', { limit: long[1] ?? '', n: long[2] ?? '' })
  const status = refused.exec(reason)?.[1]
  if (status) return t('failed.refused', { status })
  for (const [words, cause] of heads(reason)) {
    const phrase = known(words)
    if (phrase) return cause ? `${t(phrase)} (${cause})` : t(phrase)
  }
  return reason
}
