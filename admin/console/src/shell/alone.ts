/** One of the tabs speaks for all of them: the one that holds a lock, which goes to another when it closes. */
export function speaker(): () => boolean {
  let ours = !navigator.locks as boolean
  if (!ours) void navigator.locks.request('huiyin.attention', () => { ours = true; return new Promise(() => undefined) }).catch(() => { ours = true })
  return () => ours
}

const key = 'huiyin.seen'

/** Keeps note that somebody looks at a tab, so that no other tab notifies of what is seen anyway. */
export function watchEyes(): () => void {
  const look = (): void => { if (!document.hidden && document.hasFocus()) localStorage.setItem(key, String(Date.now())) }
  look()
  const timer = setInterval(look, 2000)
  addEventListener('focus', look)
  return () => { clearInterval(timer); removeEventListener('focus', look) }
}

export function someoneLooks(now = Date.now()): boolean {
  return now - Number(localStorage.getItem(key) ?? 0) < 4000
}

/** Whether a time of day lies in the quiet hours, which may pass midnight. */
export function isQuiet(at: Date, from?: string, to?: string): boolean {
  if (!from || !to || from === to) return false
  const now = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
  return from < to ? now >= from && now < to : now >= from || now < to
}
