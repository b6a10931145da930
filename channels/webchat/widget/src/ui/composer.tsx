import { useEffect, useRef, useState } from 'preact/hooks'
import { mostFiles, type Upload } from '../core/uploads'
import { useTools } from './context'
import { Icon } from './icons'
import { useUploads } from './useuploads'
import type { View } from '../core/store'

const most = 4000
const tallest = 120

interface Props {
  view: View
  draft: { load(): string; save(text: string): void }
}

/** One line that grows. Enter sends, Shift+Enter breaks the line, and an Enter that ends a Chinese word does neither. */
export function Composer({ view, draft }: Props) {
  const { chat, words } = useTools()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(draft.load)
  const files = useUploads(view.config)
  const over = [...text].length - most
  const ready = files.uploads.filter((u) => u.file)
  const waiting = ready.length < files.uploads.length
  const sendable = over <= 0 && !waiting && (text.trim() !== '' || ready.length > 0)

  useEffect(() => {
    const f = field.current
    if (!f) return
    f.style.height = 'auto'
    f.style.height = `${Math.min(tallest, f.scrollHeight)}px`
  }, [text])

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
    field.current?.focus()
  }
  const key = (e: KeyboardEvent): void => {
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return
    e.preventDefault()
    send()
  }
  const paste = (e: ClipboardEvent): void => {
    const pasted = [...(e.clipboardData?.files ?? [])]
    if (pasted.length === 0) return
    e.preventDefault()
    files.add(pasted)
  }

  return (
    <form
      class="composer"
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault()
        files.add([...(e.dataTransfer?.files ?? [])])
      }}
    >
      <Refusals refusals={files.refusals} />
      {files.uploads.length > 0 && (
        <ul class="uploads">
          {files.uploads.map((u) => (
            <UploadChip key={u.id} upload={u} onRemove={() => files.remove(u.id)} />
          ))}
        </ul>
      )}
      <div class="line">
        <label class={`plain ${files.uploads.length >= mostFiles ? 'off' : ''}`} title={words.attach}>
          <Icon name="clip" />
          <input
            type="file"
            multiple
            class="hidden"
            aria-label={words.attach}
            accept={view.config?.fileTypes.join(',') ?? ''}
            onChange={(e) => {
              files.add([...(e.currentTarget.files ?? [])])
              e.currentTarget.value = ''
            }}
          />
        </label>
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={words.composer}
          aria-invalid={over > 0}
          placeholder={words.placeholder}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(e) => change(e.currentTarget.value)}
          onKeyDown={key}
          onPaste={paste}
        />
        <button type="submit" class="send" aria-label={words.send} title={words.send} disabled={!sendable}>
          <Icon name="send" />
        </button>
      </div>
      {over > 0 && (
        <p class="hint bad" role="status">
          {words.tooLong(over)}
        </p>
      )}
    </form>
  )
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

function UploadChip({ upload: u, onRemove }: { upload: Upload; onRemove(): void }) {
  const { words } = useTools()
  const percent = Math.round(u.share * 100)
  return (
    <li>
      <Icon name={u.file ? 'check' : 'file'} />
      <span title={u.name}>{u.name}</span>
      {!u.file && <progress max={100} value={percent} aria-label={words.uploading(u.name, percent)} />}
      <button type="button" class="plain" aria-label={words.removeFile(u.name)} title={words.removeFile(u.name)} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  )
}
