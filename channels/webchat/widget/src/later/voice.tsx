import { useEffect, useRef, useState } from 'preact/hooks'
import { formatLength } from '../core/format'
import { Icon } from '../ui/icons'
import { useSay } from './say'
import { play, record, type Recording } from './recorder'

interface Props {
  onDone(file: File): void
  onClose(): void
}

/** Two minutes are enough for a question, and stay far below what may be uploaded. */
const most = 120_000

/** Records a voice message in the place of the field: stop, listen, send, or give it up. */
export function Voice({ onDone, onClose }: Props) {
  const say = useSay()
  const [state, setState] = useState<'asking' | 'recording' | 'done' | 'refused'>('asking')
  const [length, setLength] = useState(0)
  const [file, setFile] = useState<File>()
  const recording = useRef<Recording | undefined>(undefined)
  const cancel = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    let gone = false
    cancel.current?.focus()
    record().then(
      (begun) => {
        if (gone) return begun.cancel()
        recording.current = begun
        setState('recording')
      },
      () => gone || setState('refused'),
    )
    return () => {
      gone = true
      recording.current?.cancel()
    }
  }, [])
  const stop = async (): Promise<void> => {
    const made = await recording.current?.stop()
    if (!made) return onClose()
    setFile(made)
    setState('done')
  }
  useEffect(() => {
    if (state !== 'recording') return
    const began = Date.now()
    const timer = setInterval(() => {
      setLength(Date.now() - began)
      if (Date.now() - began >= most) void stop()
    }, 200)
    return () => clearInterval(timer)
  }, [state])

  return (
    <div class="line voice" onKeyDown={(e) => e.key === 'Escape' && (e.preventDefault(), e.stopPropagation(), onClose())}>
      <button type="button" ref={cancel} class="plain" aria-label={say('cancel')} title={say('cancel')} onClick={onClose}>
        <Icon name="close" />
      </button>
      <div class="state" role="status">
        {state === 'asking' && say('asking')}
        {state === 'refused' && <span class="hint bad">{say('noMicrophone')}</span>}
        {state === 'recording' && (
          <>
            <i />
            {say('recording')}
          </>
        )}
      </div>
      {state === 'recording' && <time>{formatLength(length)}</time>}
      {file && <Listen file={file} />}
      {state === 'recording' && (
        <button type="button" class="send" aria-label={say('stop')} title={say('stop')} onClick={() => void stop()}>
          <Icon name="stop" />
        </button>
      )}
      {file && (
        <button type="button" class="send" aria-label={say('sendVoice')} title={say('sendVoice')} onClick={() => onDone(file)}>
          <Icon name="send" />
        </button>
      )}
    </div>
  )
}

/** Plays what was recorded, and stops. */
function Listen({ file }: { file: File }) {
  const say = useSay()
  const [stop, setStop] = useState<() => void>()
  useEffect(() => stop, [stop])
  const press = async (): Promise<void> => {
    if (stop) return setStop(undefined)
    const end = await play(file, () => setStop(undefined)).catch(() => undefined)
    if (end) setStop(() => end)
  }
  return (
    <button type="button" class="plain wide listen" onClick={() => void press()}>
      <Icon name={stop ? 'stop' : 'play'} />
      {say(stop ? 'pause' : 'listen')}
    </button>
  )
}
