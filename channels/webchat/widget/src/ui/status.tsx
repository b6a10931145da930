import { useEffect, useState } from 'preact/hooks'
import { queueLine } from '../core/format'
import { useTools } from './context'
import type { View } from '../core/store'

const shortBreak = 2500

/** The lines under the header: the place in the queue, the state of the connection. */
export function StatusLines({ view }: { view: View }) {
  const { chat, words, show } = useTools()
  const { standing } = view
  const waits = standing.status === 'queued' || (standing.status !== 'agent' && view.config?.bot === false && !standing.online)
  const leaves = waits && view.phase === 'ready' && (view.config?.replyTo.length ?? 0) > 0
  const offline = useOffline()
  const down = useLasting(view.phase === 'ready' && !view.up)
  return (
    <div class="lines">
      <div role="status">
        {standing.status === 'queued' && (
          <p class="line queue">
            <strong>{queueLine(standing.position, standing.waitSeconds, words)}</strong>
            <span>{standing.later ? words.queueHere : words.queueStay}</span>
          </p>
        )}
      </div>
      {standing.status === 'queued' && standing.position > 1 && !standing.later && view.phase === 'ready' && (
        <p class="line later">
          <button type="button" class="text" onClick={() => chat.send(words.queueLater, { choice: 'later' })}>
            {words.queueLater}
          </button>
        </p>
      )}
      {leaves && (
        <p class="line leave">
          {view.config?.hours?.text && <span>{view.config.hours.text}</span>}
          <button type="button" class="text" onClick={() => show({ kind: 'leave' })}>
            {words.leaveHere}
          </button>
        </p>
      )}
      <div role="status">{(offline || down) && <p class="line warn">{offline ? words.offline : words.reconnecting}</p>}</div>
    </div>
  )
}

/** True once something has been so for a while: a short break is nobody's business. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (!now) return setLasting(false)
    const timer = setTimeout(() => setLasting(true), shortBreak)
    return () => clearTimeout(timer)
  }, [now])
  return lasting
}

/** Whether the device says that it has no network. */
export function useOffline(): boolean {
  const [offline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const look = (): void => setOffline(!navigator.onLine)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return offline
}
