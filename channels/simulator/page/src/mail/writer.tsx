import { useEffect, useRef, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { base64 } from '../samples'
import type { Draft } from './contract'
import type { Words } from './words'

interface Props {
  draft: Draft
  words: Words
  onSend: (draft: Draft) => void
  onCancel: () => void
}

/** The form of a mail that is written. */
export function Writer({ draft: first, words, onSend, onCancel }: Props): VNode {
  const [draft, setDraft] = useState(first)
  const place = useRef<HTMLFormElement>(null)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    place.current?.scrollIntoView?.({ block: 'end' })
    place.current?.querySelector<HTMLElement>(first.forward ? 'input' : first.reply ? 'textarea' : '[name=subject]')?.focus()
  }, [first])
  const set = (change: Partial<Draft>): void => setDraft((before) => ({ ...before, ...change }))
  const add = async (): Promise<void> => {
    const chosen = [...(input.current?.files ?? [])]
    const files = await Promise.all(chosen.map(async (f) => ({ name: f.name, type: f.type, content: await base64(f) })))
    setDraft((before) => ({ ...before, files: [...before.files, ...files] }))
    if (input.current) input.current.value = ''
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    onSend(draft)
  }
  return (
    <form class="writer" ref={place} onSubmit={submit} aria-label={words.write}>
      <label>{words.to}<input name="to" required value={draft.to} onInput={(e) => set({ to: e.currentTarget.value })} /></label>
      <label>{words.cc}<input name="cc" value={draft.cc} onInput={(e) => set({ cc: e.currentTarget.value })} /></label>
      <label>{words.subject}<input name="subject" value={draft.subject} onInput={(e) => set({ subject: e.currentTarget.value })} /></label>
      <label class="hide" for="mail-text">{words.text}</label>
      <textarea id="mail-text" name="text" required rows={7} placeholder={words.hint} value={draft.text} onInput={(e) => set({ text: e.currentTarget.value })} />
      {draft.files.length > 0 && (
        <ul class="files" aria-label={words.files}>
          {draft.files.map((f, at) => <li key={at}>📎 {f.name} <button type="button" class="tiny" aria-label={words.remove(f.name)} onClick={() => set({ files: draft.files.filter((_, i) => i !== at) })}>×</button></li>)}
        </ul>
      )}
      <div class="acts">
        <button type="submit" class="tool main">{words.send}</button>
        <button type="button" class="tool" onClick={() => input.current?.click()}>{words.attach}</button>
        <button type="button" class="tool" onClick={onCancel}>{words.cancel}</button>
        <input ref={input} type="file" multiple hidden aria-hidden="true" onChange={() => void add()} />
      </div>
    </form>
  )
}
