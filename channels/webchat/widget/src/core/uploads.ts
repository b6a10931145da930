import type { Attachment, Config } from './types'

/** A file on its way to the server, or there and waiting to be sent. */
export interface Upload {
  id: number
  name: string
  size: number
  share: number
  source: File
  stop: AbortController
  /** It did not get there, and may when tried again. */
  failed?: string | undefined
  file?: Attachment
}

export const mostFiles = 5

/** Why a file cannot be sent, or undefined when it can as far as one sees from here; the server judges its bytes. */
export function refuse(file: Pick<File, 'name' | 'size' | 'type'>, config: Config | undefined): 'large' | 'type' | undefined {
  if (config?.maxFileBytes && file.size > config.maxFileBytes) return 'large'
  if (config?.fileTypes.length && !config.fileTypes.some((pattern) => fits(file, pattern))) return 'type'
  return undefined
}

function fits(file: Pick<File, 'name' | 'type'>, pattern: string): boolean {
  if (pattern.startsWith('.')) return file.name.toLowerCase().endsWith(pattern)
  return pattern.endsWith('/*') ? file.type.startsWith(pattern.slice(0, -1)) : file.type === pattern
}
