import { isCursor } from './cursor'
import type { Attachment, Choice, Config, Frame, Hours, Message, Sender, Standing, Status } from './types'

/** Reads what the server sent into our types. What does not fit is left out, never trusted. */

type Raw = Record<string, unknown>

const senders: readonly string[] = ['contact', 'bot', 'agent', 'system']
const statuses: readonly string[] = ['none', 'bot', 'queued', 'agent', 'resolved']

/** The value as an object of unknown fields. */
export function raw(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? (value as Raw) : {}
}

/** The value as text, or ''. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** The value when it is a number above 0, or 0. */
export function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0
}

/** The items that can be read. */
export function list<T>(value: unknown, read: (item: unknown) => T | undefined): T[] {
  const items = Array.isArray(value) ? value.map(read) : []
  return items.filter((item): item is NonNullable<typeof item> => item !== undefined) as T[]
}

function readChoice(value: unknown): Choice | undefined {
  const choice = raw(value)
  const label = text(choice['label'])
  return label === '' ? undefined : { label, value: text(choice['value']) || label }
}

/** Reads a file's description; a URL that is not the web's is refused. */
export function readAttachment(value: unknown, base: string): Attachment | undefined {
  const file = raw(value)
  const key = text(file['key'])
  if (key === '') return undefined
  const found: Attachment = { key, name: text(file['name']) || key, type: text(file['type']), size: number(file['size']), url: webUrl(text(file['url']), base) }
  const width = number(file['width'])
  const height = number(file['height'])
  return width && height ? { ...found, width, height } : found
}

/** The full address, or '' when it is none of the web. */
export function webUrl(url: string, base: string): string {
  try {
    const found = new URL(url, base)
    return found.protocol === 'https:' || found.protocol === 'http:' ? found.href : ''
  } catch {
    return ''
  }
}

/** Reads one message, or undefined when it has no place in a conversation. */
export function readMessage(value: unknown, base: string): Message | undefined {
  const m = raw(value)
  const conversation = text(m['conversation'])
  const seq = text(m['seq'])
  const from = text(m['from'])
  const cursor = `${conversation}.${seq}`
  if (!isCursor(cursor) || !senders.includes(from)) return undefined
  const message: Message = {
    conversation,
    seq,
    cursor,
    from: from as Sender,
    author: text(raw(m['author'])['name']),
    picture: picture(m['author'], base),
    text: text(m['text']),
    html: text(m['html']),
    activity: text(m['activity']),
    choices: list(m['choices'], readChoice),
    attachments: list(m['attachments'], (item) => readAttachment(item, base)),
    clientId: text(m['client_id']),
    delivery: text(m['delivery']),
    at: Date.parse(text(m['at'])) || 0,
    canRate: m['can_rate'] === true,
    article: text(m['article']),
  }
  return typeof m['helpful'] === 'boolean' ? { ...message, helpful: m['helpful'] } : message
}

/** Reads a list of messages. */
export function readMessages(value: unknown, base: string): Message[] {
  return list(value, (item) => readMessage(item, base))
}

function picture(person: unknown, base: string): string {
  const url = text(raw(person)['picture'])
  return url && webUrl(url, base)
}

/** Reads where a conversation stands. */
export function readStanding(value: unknown, base: string): Standing {
  const s = raw(value)
  const status = text(s['status'])
  return {
    status: (statuses.includes(status) ? status : 'none') as Status,
    position: number(s['queue_position']),
    waitSeconds: number(s['wait_seconds']),
    later: s['later'] === true,
    agent: text(raw(s['agent'])['name']),
    picture: picture(s['agent'], base),
    online: s['team_online'] === true,
    conversation: text(s['conversation']),
    canRate: s['can_rate'] === true,
    rating: number(s['rating']),
  }
}

/** Reads the configuration of a session. */
export function readConfig(value: unknown): Config {
  const c = raw(value)
  const theme = text(c['theme'])
  const preChat = text(c['pre_chat'])
  return {
    name: text(c['name']),
    greeting: text(c['greeting']),
    color: text(c['color']),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    languages: list(c['languages'], (item) => text(item) || undefined),
    quickReplies: list(c['quick_replies'], (item) => text(item) || undefined),
    preChat: preChat === 'optional' || preChat === 'required' ? preChat : 'off',
    online: c['team_online'] === true,
    bot: c['bot'] === true,
    maxFileBytes: number(c['max_file_bytes']),
    fileTypes: list(c['file_types'], (item) => text(item) || undefined),
    position: c['position'] === 'left' || c['position'] === 'right' ? c['position'] : '',
    launcherText: text(c['launcher_text']),
    form: c['form'],
    hours: readHours(c['hours']),
    replyTo: list(c['reply_to'], (item) => (item === 'email' || item === 'sms' ? item : undefined)),
    rating: c['rating'] === true,
    transcript: text(c['transcript']) !== '',
    sound: c['sound'] === true,
    identified: c['identified'] === true,
    variables: readVariables(c['variables']),
  }
}

/** Reads the properties that the owner set for the look; they can be no others than the widget's own. */
export function readVariables(value: unknown): [string, string][] {
  return Object.entries(raw(value)).flatMap(([name, v]) => (/^--hy-[a-z-]+$/.test(name) && typeof v === 'string' ? [[name, v] as [string, string]] : []))
}

function readHours(value: unknown): Hours | undefined {
  const h = raw(value)
  if (typeof h['open'] !== 'boolean') return undefined
  return { open: h['open'], text: text(h['text']), opensAt: Date.parse(text(h['opens_at'])) || 0 }
}

/** Reads one frame of the stream, or undefined when it is none that we know. */
export function readFrame(data: string, base: string): Frame | undefined {
  let f: Raw
  try {
    f = raw(JSON.parse(data))
  } catch {
    return undefined
  }
  switch (f['type']) {
    case 'message': {
      const message = readMessage(f['message'], base)
      return message && { type: 'message', message }
    }
    case 'message_state': {
      const frame = { type: 'message_state' as const, conversation: text(f['conversation']), seq: text(f['seq']), delivery: text(f['delivery']) }
      return typeof f['helpful'] === 'boolean' ? { ...frame, helpful: f['helpful'] } : frame
    }
    case 'state':
      return { type: 'state', state: readStanding(f['state'], base) }
    case 'typing':
      return { type: 'typing', from: f['from'] === 'agent' ? 'agent' : 'bot' }
    case 'cursor':
      return isCursor(f['cursor']) ? { type: 'cursor', cursor: f['cursor'] } : undefined
    default:
      return undefined
  }
}
