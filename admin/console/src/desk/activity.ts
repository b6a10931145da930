import type { Message } from '../api/types'
import { t, tryT } from '../i18n'
import { moment } from '../text/time'

/** An activity line in the reader's words; a kind this build does not know shows the server's own text. */
export function activityText(message: Message, locale: string): string {
  const data = message.activity_data ?? {}
  const until = data.until ? deadline(data.until, locale) : ''
  const values = {
    ...data,
    by: data.agent || data.by || message.agent?.name || t('activity.somebody'),
    to: data.to_agent || data.team || '',
    tags: [...plus('+', data.added), ...plus('−', data.removed)].join(' '),
    priority: data.priority ? tryT(`priority.${data.priority}`, data.priority) : '',
    reason: data.reason ? tryT(`reason.${data.reason}`, data.reason) : '',
    until,
  }
  const kind = message.activity === 'resolved' && data.reason === 'quiet' ? 'resolved_quiet' : message.activity ?? ''
  return tryT(`activity.${kind}`, message.text || kind, values)
}

function plus(sign: string, names: string | undefined): string[] {
  return names ? [sign + names] : []
}

function deadline(value: string, locale: string): string {
  const at = /^\d+$/.test(value) ? Number(value) : Date.parse(value)
  if (Number.isNaN(at)) return value
  return moment(at, locale)
}
