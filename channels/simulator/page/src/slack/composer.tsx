import { useRef, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { bytesOf } from './server'
import type { Words } from './words'

interface Props {
  hint: string
  words: Words
  write: (text: string, file?: { name: string; data: string }) => void
}

/** Where a person writes in a channel or a thread. */
export function Composer({ hint, words, write }: Props): VNode {
  const [text, setText] = useState('')
  const [file, setFile] = useState<File>()
  const pick = useRef<HTMLInputElement>(null)
  const send = async (): Promise<void> => {
    if (!text.trim() && !file) return
    write(text.trim(), file && { name: file.name, data: await bytesOf(file) })
    setText('')
    setFile(undefined)
    if (pick.current) pick.current.value = ''
  }
  return (
    <form class="scompose" onSubmit={(event) => { event.preventDefault(); void send() }}>
      <textarea rows={2} value={text} placeholder={hint} aria-label={hint} onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); void send() } }} />
      <div class="srow"><label class="sbutton sattach">{file ? file.name : words.attach}<input ref={pick} type="file" onChange={(event) => setFile(event.currentTarget.files?.[0])} /></label><button type="submit" class="sbutton primary">{words.send}</button></div>
    </form>
  )
}
