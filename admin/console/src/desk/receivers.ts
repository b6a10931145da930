import type { Mail, MailInput, Message } from '../api/types'

export type Address = Mail['from'][number]

/** An address without its tag after the plus: both reach the same mailbox. */
function bare(address: string): string {
  const [local = '', domain = ''] = address.trim().toLowerCase().split('@')
  return `${local.split('+')[0] ?? ''}@${domain}`
}

export const sameAddress = (a: string, b: string): boolean => bare(a) === bare(b)

/** A list without the inbox's own address, which goes without saying. */
export const others = (list: readonly Address[], own: string | undefined): Address[] => list.filter((a) => !own || !sameAddress(a.address, own))

/** The mail that a reply answers: the newest that a person sent. */
export function answered(messages: readonly Message[]): Message | undefined {
  return [...messages].reverse().find((m) => m.sender === 'contact' && m.mail && !m.mail.automatic)
}

/** Whom a reply goes to: where its writer wants answers; to all, with everybody else who got the mail. */
export function replyTo(mail: Mail, own: string, all: boolean): { to: Address[]; cc: Address[] } {
  const to = mail.reply_to.length ? mail.reply_to : mail.from
  const taken = [own, ...to.map((a) => a.address)]
  const cc: Address[] = []
  for (const a of all ? [...mail.to, ...mail.cc] : []) {
    if (taken.some((b) => sameAddress(a.address, b))) continue
    taken.push(a.address)
    cc.push(a)
  }
  return { to, cc }
}

/** An address as a field has it. */
export function addressLine(a: Address): string {
  if (!a.name) return a.address
  return /[",;<>@]/.test(a.name) ? `"${a.name.replace(/["\\]/g, '')}" <${a.address}>` : `${a.name} <${a.address}>`
}

export const addressLines = (list: readonly Address[]): string => list.map(addressLine).join(', ')

const shape = /^(?:"([^"]*)"|([^<>"]*?))\s*<([^<>\s]+@[^<>\s]+)>$/

/** Reads a field of addresses; wrong are those that are none. */
export function parseAddresses(field: string): { list: Address[]; wrong: string[] } {
  const list: Address[] = []
  const wrong: string[] = []
  for (const piece of field.split(/[,;，；\n](?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const text = piece.trim()
    if (!text) continue
    const named = shape.exec(text)
    const address = named?.[3] ?? text
    if (!/^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;]+$/.test(address)) wrong.push(text)
    else if (!list.some((a) => a.address.toLowerCase() === address.toLowerCase())) list.push({ address, ...((named?.[1] ?? named?.[2])?.trim() ? { name: (named?.[1] ?? named?.[2] ?? '').trim() } : {}) })
  }
  return { list, wrong }
}

/** A subject as a reply to it has it. */
export function replySubject(subject: string): string {
  const bareSubject = subject.replace(/^(?:\s*(?:re|aw|sv|回复|答复|回覆)\s*[:：]\s*)+/i, '').trim()
  return bareSubject ? `Re: ${bareSubject}` : ''
}

/** What goes with a reply; nothing where there is no mail to answer. */
export function mailInput(to: readonly Address[], cc: readonly Address[], bcc: readonly Address[], subject: string): MailInput | undefined {
  if (!to.length) return undefined
  return { to: [...to], ...(cc.length ? { cc: [...cc] } : {}), ...(bcc.length ? { bcc: [...bcc] } : {}), ...(subject.trim() ? { subject: subject.trim() } : {}) }
}

/** Whether a mail passes another on, by what programs put before its subject. */
export function isForwarded(subject: string | undefined): boolean {
  return /^\s*(?:fwd?|wg|tr|转发|轉寄|转寄)\s*[:：]/i.test(subject ?? '')
}
