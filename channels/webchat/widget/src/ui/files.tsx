import { formatSize } from '../core/format'
import { Icon } from './icons'
import { useTools } from './context'
import type { Attachment } from '../core/types'

const shown = /^image\/(png|jpeg|gif|webp|avif)$/
// What the recorder of a browser makes is called video by the server, which judges a file by its first bytes.
const heard = /\.(weba|m4a|ogg|opus|mp3|wav|aac)$/i
const wide = 240
const high = 220

/** The files of a message: pictures in their place, everything else with its name. */
export function Files({ files }: { files: Attachment[] }) {
  if (files.length === 0) return null
  return (
    <div class="files">
      {files.map((file) => {
        if (shown.test(file.type) && file.url) return <Picture key={file.key} file={file} />
        if (file.url && (file.type.startsWith('audio/') || heard.test(file.name))) return <audio key={file.key} controls preload="metadata" src={file.url} aria-label={file.name} />
        return <FileLink key={file.key} file={file} />
      })}
    </div>
  )
}

function Picture({ file }: { file: Attachment }) {
  const { words } = useTools()
  const { width, height } = room(file)
  return (
    <a class="picture" href={file.url} target="_blank" rel="noopener noreferrer">
      <img src={file.url} alt={`${words.image}: ${file.name}`} width={width} height={height} loading="lazy" decoding="async" />
    </a>
  )
}

/** The room a picture takes, known before it is loaded so that nothing jumps. */
export function room(file: Attachment): { width: number; height: number } {
  if (!file.width || !file.height) return { width: wide, height: 160 }
  const scale = Math.min(1, wide / file.width, high / file.height)
  return { width: Math.max(48, Math.round(file.width * scale)), height: Math.max(48, Math.round(file.height * scale)) }
}

function FileLink({ file }: { file: Attachment }) {
  const link = file.url ? { href: file.url } : {}
  return (
    <a class="file" {...link} target="_blank" rel="noopener noreferrer" download={file.name}>
      <Icon name="file" />
      <span>
        <b>{file.name}</b>
        <small>{formatSize(file.size)}</small>
      </span>
    </a>
  )
}
