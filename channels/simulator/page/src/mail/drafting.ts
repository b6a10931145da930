import type { Answer, Draft, Mail, Person, Program } from './contract'

export function blank(to: string, program: Program, english: boolean, name: string): Draft {
  return { name, to, cc: '', subject: '', text: '', reply: 0, forward: 0, program, english, files: [] }
}

/** A person as an address field has it. */
export function addressed(person: Person): string {
  if (!person.name) return person.address
  return /^[\w\s.\u4e00-\u9fff]+$/.test(person.name) ? `${person.name} <${person.address}>` : `"${person.name.replace(/["\\]/g, '')}" <${person.address}>`
}

const same = (a: Person, b: string): boolean => a.address.toLowerCase() === b.toLowerCase()

/** The draft that answers a mail, to its writer or to all, or passes it on. An answer to a mail of one's own goes where that went. */
export function answering(mail: Mail, how: Answer, me: string, start: Draft): Draft {
  if (how === 'forward') return { ...start, to: '', forward: mail.n, subject: prefixed(mail.subject, start.english ? 'Fwd: ' : '转发：', /^(fwd?|转发|轉寄)\s*[:：]/i) }
  const mine = same(mail.from, me)
  const to = mine ? mail.to : mail.reply_to.length > 0 ? mail.reply_to : [mail.from]
  const known = [me, ...to.map((p) => p.address)]
  const others = how === 'all' ? [...mail.to, ...mail.cc].filter((p, at, all) => !known.some((a) => same(p, a)) && all.findIndex((q) => same(q, p.address)) === at) : []
  return {
    ...start, reply: mail.n, to: to.map(addressed).join(', '), cc: others.map(addressed).join(', '),
    subject: prefixed(mail.subject, start.english ? 'Re: ' : '回复：', /^(re|回复|答复|回覆)\s*[:：]/i),
  }
}

/** A subject with a prefix, unless it has one of the kind already. */
export function prefixed(subject: string, prefix: string, has: RegExp): string {
  return has.test(subject) ? subject : prefix + subject
}

/** The mails of a folder as the list shows them: of each thread the newest. */
export function threads(mails: Mail[], folder: Mail['folder']): Mail[] {
  const seen = new Set<number>()
  return mails.filter((m) => {
    if (m.folder !== folder || seen.has(m.thread)) return false
    seen.add(m.thread)
    return true
  })
}

/** A mail's HTML for a frame that runs nothing: links open beside, and it is dark where the page is, unless it brings colours. */
export function framed(html: string): string {
  return `<!doctype html><meta charset="utf-8"><base target="_blank"><style>:root{color-scheme:light}body{margin:0;padding:12px;font:14px/1.6 system-ui,sans-serif;color:#1b1f27;background:#fff;overflow-wrap:anywhere}img{max-width:100%}blockquote{margin:0 0 0 8px;padding-left:8px;border-left:2px solid #ccc}</style>${html}`
}
