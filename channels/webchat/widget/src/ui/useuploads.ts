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
    const upload: Upload = { id: next.current++, name: file.name, size: file.size, share: 0, source: file, stop: new AbortController() }
    setUploads((all) => [...all, upload])
    carry(upload)
  }
  const carry = ({ id, source, stop }: Upload): void => {
    chat.upload(source, (share) => patch(id, { share }), stop.signal).then(
      (stored) => patch(id, { share: 1, file: stored }),
      (error: unknown) => {
        if (stop.signal.aborted) return drop(id)
        const why = error instanceof Problem ? error.words : ''
        setRefusals([[words.uploadFailed(source.name), why].filter(Boolean).join(' ')])
        if (error instanceof Problem && error.passing) patch(id, { failed: why })
        else drop(id)
      },
    )
  }
  const retry = (id: number): void => {
    const upload = uploads.find((u) => u.id === id)
    if (!upload) return
    setRefusals([])
    patch(id, { failed: undefined, share: 0 })
    carry(upload)
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
  return { uploads, refusals, add, remove, retry, clear }
}
