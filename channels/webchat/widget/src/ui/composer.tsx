import { useEffect, useRef, useState } from 'preact/hooks'
import { mostFiles, type Upload } from '../core/uploads'
import { useTools } from './context'
import { Icon } from './icons'
import { Emoji, Voice } from './parts'
import { useUploads } from './useuploads'
import type { View } from '../core/store'

const most = 4000
const tallest = 120

/** What was written and not sent, shared by the tabs of the site. */
export interface Draft {
  load(): string
  save(text: string): void
  /** Calls fn when another tab changed it; returns how to stop. */
  follow(fn: (text: string) => void): () => void
}

interface Props {
  view: View
  draft: Draft
}

/** One line that grows. Enter sends, Shift+Enter breaks the line, and an Enter that ends a Chinese word does neither. */
export function Composer({ view, draft }: Props) {
  const { chat, words } = useTools()
  const form = useRef<HTMLFormElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(draft.load)
  const [open, setOpen] = useState<'emoji' | 'voice'>()
  const files = useUploads(view.config)
  const over = [...text].length - most
  const ready = files.uploads.filter((u) => u.file)
  const waiting = ready.length < files.uploads.length
  const sendable = over <= 0 && !waiting && (text.trim() !== '' || ready.length > 0)
  const dragging = useDrop(form, files.add)

  useGrow(field, text)
  useEffect(() => draft.follow((next) => !isFocused(field.current) && setText(next)), [])

  const change = (next: string): void => {
    setText(next)
    draft.save(next)
    if (next !== '') chat.typing()
  }
  const send = (): void => {
    if (!sendable) return
    chat.send(text.trim(), { attachments: ready.flatMap((u) => u.file ?? []) })
    change('')
    files.clear()
    setOpen(undefined)
    field.current?.focus()
  }
  const recorded = useRef(false)
  useEffect(() => {
    if (!recorded.current || waiting) return
    recorded.current = false
    send()
  }, [files.uploads])
  const insert = (what: string): void => {
    const f = field.current
    const [from, to] = [f?.selectionStart ?? text.length, f?.selectionEnd ?? text.length]
    change(text.slice(0, from) + what + text.slice(to))
    requestAnimationFrame(() => f?.setSelectionRange(from + what.length, from + what.length))
  }
  const leave = (): void => {
    setOpen(undefined)
    field.current?.focus()
  }
  const voice = text === '' && files.uploads.length === 0 && canRecord(view)

  return (
    <form
      ref={form}
      class={`composer ${dragging ? 'dragging' : ''}`}
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
    >
      {dragging && <div class="drop">{words.dropHere}</div>}
      <Refusals refusals={files.refusals} />
      {files.uploads.length > 0 && (
        <ul class="uploads">
          {files.uploads.map((u) => (
            <UploadChip key={u.id} upload={u} onRemove={() => files.remove(u.id)} onRetry={() => files.retry(u.id)} />
          ))}
        </ul>
      )}
      {open === 'emoji' && <Emoji onPick={insert} onClose={leave} />}
      {open === 'voice' ? (
        <Voice
          onClose={leave}
          onDone={(file) => {
            recorded.current = true
            files.add([file])
            leave()
          }}
        />
      ) : (
        <div class="line">
          <FileButton view={view} full={files.uploads.length >= mostFiles} onFiles={files.add} />
          <button type="button" class="plain" aria-label={words.emoji} title={words.emoji} aria-expanded={open === 'emoji'} onClick={() => setOpen(open ? undefined : 'emoji')}>
            <Icon name="smile" />
          </button>
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            value={text}
            aria-label={words.composer}
            aria-invalid={over > 0}
            placeholder={words.placeholder}
            enterkeyhint="send"
            autocomplete="off"
            onInput={(e) => change(e.currentTarget.value)}
            onKeyDown={(e) => {
              if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return
              e.preventDefault()
              send()
            }}
            onPaste={(e) => {
              const pasted = [...(e.clipboardData?.files ?? [])]
              if (pasted.length === 0) return
              e.preventDefault()
              files.add(pasted)
            }}
          />
          {voice && (
            <button type="button" class="plain" aria-label={words.voice} title={words.voice} onClick={() => setOpen('voice')}>
              <Icon name="mic" />
            </button>
          )}
          <button type="submit" class="send" aria-label={words.send} title={words.send} disabled={!sendable}>
            <Icon name="send" />
          </button>
        </div>
      )}
      {over > 0 && (
        <p class="hint bad" role="status">
          {words.tooLong(over)}
        </p>
      )}
    </form>
  )
}

function FileButton({ view, full, onFiles }: { view: View; full: boolean; onFiles(files: File[]): void }) {
  const { words } = useTools()
  return (
    <label class={`plain ${full ? 'off' : ''}`} title={words.attach}>
      <Icon name="clip" />
      <input
        type="file"
        multiple
        class="hidden"
        aria-label={words.attach}
        accept={view.config?.fileTypes.join(',') ?? ''}
        onChange={(e) => {
          onFiles([...(e.currentTarget.files ?? [])])
          e.currentTarget.value = ''
        }}
      />
    </label>
  )
}

/** Whether a voice message can be made here, and is taken there. */
function canRecord(view: View): boolean {
  const taken = view.config?.fileTypes.some((type) => type.startsWith('audio/')) ?? false
  return taken && 'MediaRecorder' in window && 'mediaDevices' in navigator
}

function isFocused(element: HTMLElement | null): boolean {
  return document.hasFocus() && (element?.getRootNode() as ShadowRoot | undefined)?.activeElement === element
}

/** Makes the field as high as its text, up to a limit. */
function useGrow(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useEffect(() => {
    const f = field.current
    if (!f) return
    f.style.height = 'auto'
    f.style.height = `${Math.min(tallest, f.scrollHeight)}px`
  }, [text])
}

/** Takes files that are dropped anywhere on the panel; true while some are held over it. */
function useDrop(form: { current: HTMLFormElement | null }, add: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const take = useRef(add)
  take.current = add
  useEffect(() => {
    const panel = form.current?.closest<HTMLElement>('.panel')
    if (!panel) return
    const moved = (e: DragEvent): void => {
      if (!e.dataTransfer?.types.includes('Files')) return
      e.preventDefault()
      setOver(e.type === 'dragover')
    }
    const dropped = (e: DragEvent): void => {
      e.preventDefault()
      setOver(false)
      take.current([...(e.dataTransfer?.files ?? [])])
    }
    panel.addEventListener('dragover', moved)
    panel.addEventListener('dragleave', moved)
    panel.addEventListener('drop', dropped)
    return () => {
      panel.removeEventListener('dragover', moved)
      panel.removeEventListener('dragleave', moved)
      panel.removeEventListener('drop', dropped)
    }
  }, [])
  return over
}

function Refusals({ refusals }: { refusals: string[] }) {
  return (
    <div role="alert">
      {refusals.map((r) => (
        <p class="hint bad" key={r}>
          {r}
        </p>
      ))}
    </div>
  )
}

function UploadChip({ upload: u, onRemove, onRetry }: { upload: Upload; onRemove(): void; onRetry(): void }) {
  const { words } = useTools()
  const percent = Math.round(u.share * 100)
  return (
    <li class={u.failed === undefined ? '' : 'bad'}>
      <Icon name={u.file ? 'check' : u.failed === undefined ? 'file' : 'alert'} />
      <span title={u.name}>{u.name}</span>
      {u.failed !== undefined ? (
        <button type="button" class="text" onClick={onRetry}>
          {words.retry}
        </button>
      ) : (
        !u.file && <progress max={100} value={percent} aria-label={words.uploading(u.name, percent)} />
      )}
      <button type="button" class="plain" aria-label={words.removeFile(u.name)} title={words.removeFile(u.name)} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  )
}
