import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** What the server cannot store now: anything at all, files, or nothing is wrong. */
export type Storing = '' | 'nothing' | 'files'

const every = 15_000

/** Reads what `/readyz` says. A proxy that hides the page tells us nothing. */
export function readStoring(status: number, text: string): Storing {
  if (status === 503 && text.startsWith('the database')) return 'nothing'
  return status === 200 && text.includes('files cannot be stored') ? 'files' : ''
}

/** Asks every quarter of a minute, while the page is seen. */
export function useStoring(): Ref<Storing> {
  const storing = ref<Storing>('')
  let timer: ReturnType<typeof setInterval> | undefined
  async function ask(): Promise<void> {
    if (document.hidden) return
    try {
      const answer = await fetch('/readyz', { cache: 'no-store' })
      storing.value = readStoring(answer.status, await answer.text())
    } catch {
      // The connection's own strip tells that the server is away.
    }
  }
  onMounted(() => { void ask(); timer = setInterval(() => { void ask() }, every) })
  onBeforeUnmount(() => clearInterval(timer))
  return storing
}
