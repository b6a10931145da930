import { useLayoutEffect, useRef } from 'preact/hooks'
import { useTools, type Page } from './context'
import { Icon } from './icons'
import { Leave, Past, Reader, Transcript } from './parts'
import type { View } from '../core/store'

/** A page over the conversation, which stays as it is below. The focus comes here and goes back to where it was. */
export function Over({ page, view, onBack }: { page: Page; view: View; onBack(): void }) {
  const { words } = useTools()
  const back = useRef<HTMLButtonElement>(null)
  // Before the page below is hidden, which takes the focus from it.
  useLayoutEffect(() => {
    const root = back.current?.getRootNode() as ShadowRoot | undefined
    const from = root?.activeElement as HTMLElement | null | undefined
    back.current?.focus({ preventScroll: true })
    return () => queueMicrotask(() => from?.isConnected && from.focus({ preventScroll: true }))
  }, [])
  return (
    <div class="over">
      <div class="bar">
        <button type="button" ref={back} class="plain wide" onClick={onBack}>
          <Icon name="back" />
          {words.back}
        </button>
      </div>
      <Content page={page} view={view} onBack={onBack} />
    </div>
  )
}

function Content({ page, view, onBack }: { page: Page; view: View; onBack(): void }) {
  switch (page.kind) {
    case 'reader':
      return <Reader message={page.message} />
    case 'past':
      return <Past />
    case 'leave':
      return <Leave view={view} onDone={onBack} />
    case 'transcript':
      return <Transcript view={view} />
  }
}
