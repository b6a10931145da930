import { onScopeDispose, watch } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import type { Notice, StreamEvent } from '../api/types'
import { nameOf } from '../desk/person'
import { t, tryT } from '../i18n'
import { useLive } from '../stores/live'
import { placeOf, subjectOf, useNotices } from '../stores/notices'
import { usePrefs } from '../stores/prefs'
import { useSession } from '../stores/session'
import { isQuiet, someoneLooks, speaker, watchEyes } from './alone'

/** Whether this tab is the one that speaks for all of them. */
export const speaks = speaker()

/** Unread count in the title and on the icon, and, where wanted, a sound and a desktop notification. */
export function useAttention(): void {
  const live = useLive()
  const prefs = usePrefs()
  const session = useSession()
  const router = useRouter()

  const unlisten = live.listen({ event: (event) => { if (concernsMe(event, session.me?.id ?? 0)) announce(event) } })

  const notices = useNotices()
  const blind = watchEyes()

  /** One of the tabs tells, outside the quiet hours, and shows only what nobody is looking at. */
  function tell(what: { title: string; body?: string; tag: string; to: RouteLocationRaw }, how = { push: true, sound: true }): void {
    if (!speaks() || isQuiet(new Date(), notices.wishes?.quiet_from, notices.wishes?.quiet_to)) return
    if (prefs.sound && how.sound) chime(prefs.volume)
    if (!prefs.notify || !how.push || someoneLooks()) return
    const note = new Notification(what.title, { body: what.body, tag: what.tag })
    note.onclick = () => {
      focus()
      void router.push(what.to)
    }
  }

  function announce(event: StreamEvent): void {
    const name = event.conversation ? nameOf(event.conversation.contact) : ''
    tell({ title: t('notify.title', { name }), body: event.message?.text.slice(0, 120), tag: `c${event.conversation_id}`, to: { name: 'inbox', params: { view: 'all', id: String(event.conversation_id ?? 0) } } })
  }
  const noticed = (one: Notice): void => tell({ title: tryT(`notice.${one.kind}`, one.kind), body: subjectOf(one), tag: `n${one.id}`, to: placeOf(one) }, notices.wishes?.kinds.find((k) => k.kind === one.kind))
  notices.arrivals.add(noticed)

  const stop = watch(() => (live.counts ? live.counts.mine.unread + live.counts.queue.total : 0), (n) => {
    document.title = `${n ? `(${n}) ` : ''}${t('app.name')}`
    badge(n)
  }, { immediate: true })
  onScopeDispose(() => { unlisten(); blind(); notices.arrivals.delete(noticed); stop(); badge(0) })
}

/** A customer's message that waits for this agent, or for anybody. */
export function concernsMe(event: StreamEvent, me: number): boolean {
  const c = event.conversation
  if (event.kind !== 'message' || event.message?.sender !== 'contact' || c?.status !== 'open') return false
  return c.agent === undefined || c.agent.id === me
}

function badge(n: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (!link) return
  if (n === 0) { link.href = '/console/favicon.svg'; return }
  const text = n > 99 ? '99' : String(n)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3b5bdb"/><path d="M10 20.5a6 6 0 1 1 3.2 2.9L9.5 24.5z" fill="#fff"/><circle cx="22" cy="10" r="10" fill="#c22b36"/><text x="22" y="14.5" font-size="12" font-family="sans-serif" font-weight="700" text-anchor="middle" fill="#fff">${text}</text></svg>`
  link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** A short, soft tone. */
export function chime(loud: number): void {
  if (loud <= 0) return
  const context = new AudioContext()
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.frequency.value = 660
  volume.gain.setValueAtTime(0.13 * (loud / 100), context.currentTime)
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.25)
  tone.connect(volume).connect(context.destination)
  tone.start()
  tone.stop(context.currentTime + 0.25)
  tone.onended = () => void context.close()
}
