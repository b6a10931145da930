import { useRef, useState } from 'preact/hooks'
import { Problem } from '../core/api'
import { formatSize } from '../core/format'
import { mostFiles, refuse, type Upload } from '../core/uploads'
import { useTools } from './context'
import type { Config } from '../core/types'

/** The files of the message being written: uploads with progress, each can be given up. */
export function useUploads(config: Config | undefined) {
  const { chat, words } = useTools()
  const [uploads, setUploads] = useState<Upload[]>([])
  const [refusals, setRefusals] = useState<string[]>([])
  const next = useRef(1)

  const patch = (id: number, change: Partial<Upload>): void => setUploads((all) => all.map((u) => (u.id === id ? { ...u, ...change } : u)))
  const drop = (id: number): void => setUploads((all) => all.filter((u) => u.id !== id))

  const begin = (file: File): void => {
    const upload: Upload = { id: next.current++, name: file.name, size: file.size, share: 0, stop: new AbortController() }
    setUploads((all) => [...all, upload])
    chat.upload(file, (share) => patch(upload.id, { share }), upload.stop.signal).then(
      (stored) => patch(upload.id, { share: 1, file: stored }),
      (error: unknown) => {
        drop(upload.id)
        if (upload.stop.signal.aborted) return
        const why = error instanceof Problem ? error.words : ''
        setRefusals([[words.uploadFailed(file.name), why].filter(Boolean).join(' ')])
      },
    )
  }
  const whyNot = (file: File): string | undefined => {
    const why = refuse(file, config)
    if (why === 'large') return words.tooLarge(file.name, formatSize(config?.maxFileBytes ?? 0))
    return why && words.wrongType(file.name)
  }
  const add = (files: File[]): void => {
    const room = mostFiles - uploads.length
    const bad = files.flatMap((file) => whyNot(file) ?? [])
    const good = files.filter((file) => !whyNot(file))
    setRefusals(good.length > room ? [...bad, words.tooMany(mostFiles)] : bad)
    good.slice(0, Math.max(0, room)).forEach(begin)
  }
  const remove = (id: number): void => {
    uploads.find((u) => u.id === id)?.stop.abort()
    drop(id)
  }
  const clear = (): void => {
    setUploads([])
    setRefusals([])
  }
  return { uploads, refusals, add, remove, clear }
}
