import type { Message } from '../api/types'
import { t, tryT } from '../i18n'
import { moment } from '../text/time'

/** An activity line in the reader's words; a kind this build does not know shows the server's own text. */
export function activityText(message: Message, locale: string): string {
  const data = message.activity_data ?? {}
  const until = data.until ?? data.at ? deadline(data.until ?? data.at ?? '', locale) : ''
  const source = message.activity?.startsWith('merged') ? '' : sourceOf(data)
  const values = {
    ...data,
    source,
    by: data.agent || data.by || message.agent?.name || t('activity.somebody'),
    to: data.to_agent || data.team || '',
    tags: [...plus('+', data.added), ...plus('−', data.removed)].join(' '),
    priority: data.priority ? tryT(`priority.${data.priority}`, data.priority) : '',
    reason: data.reason ? tryT(`reason.${data.reason}`, data.reason) : '',
    step: data.action ? tryT(`escalation.${data.action}`, data.action) : '',
    until,
    merged: data.from ?? '',
    into: data.into ?? '',
  }
  const kind = kindOf(message.activity ?? '', data)
  const bare = tryT(`activity.${kind}`, message.text || kind, values)
  return source ? tryT(`activity.${kind}_from`, bare, values) : bare
}

function kindOf(kind: string, data: Record<string, string>): string {
  if (kind === 'resolved' && data.reason === 'quiet') return 'resolved_quiet'
  if (kind === 'snoozed' && !data.until) return 'snoozed_reply'
  if (kind === 'notices_changed') return data.accepted ? 'notices_accepted' : 'notices_refused'
  return kind
}

/** What the customer came by: the scene of a code, the page of a Mini Program, an entry of the menu, a place. */
function sourceOf(data: Record<string, string>): string {
  if (data.latitude && data.longitude) return `${data.latitude}, ${data.longitude}`
  return data.scene || data.from || data.channel || data.result || data.key || data.url || data.page || ''
}

function plus(sign: string, names: string | undefined): string[] {
  return names ? [sign + names] : []
}

function deadline(value: string, locale: string): string {
  const at = /^\d+$/.test(value) ? Number(value) : Date.parse(value)
  if (Number.isNaN(at)) return value
  return moment(at, locale)
}
