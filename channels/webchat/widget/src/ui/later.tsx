import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { adopt } from '../loader/dom'
import { useTools } from './context'

const dressed = new WeakSet<ShadowRoot>()

interface Part<P> {
  part: ComponentType<P>
  css: string
}

/** A part of the panel that is fetched when it is first shown; while it comes its place is held, and a failure can be tried again. */
export function later<P extends object>(load: () => Promise<Part<P>>): ComponentType<P> {
  let found: Part<P> | undefined
  return function Later(props: P) {
    const { words } = useTools()
    const place = useRef<HTMLDivElement>(null)
    const [state, setState] = useState<'coming' | 'there' | 'failed'>(found ? 'there' : 'coming')
    useEffect(() => {
      if (state !== 'coming') return
      void load().then((part) => {
        const root = place.current?.getRootNode()
        if (root instanceof ShadowRoot && !dressed.has(root)) {
          dressed.add(root)
          adopt(root, part.css)
        }
        found = part
        setState('there')
      }, () => setState('failed'))
    }, [state])
    const Ready = found?.part
    if (state === 'there' && Ready) return <Ready {...props} />
    return (
      <div class="later" ref={place} role="status">
        {state === 'failed' ? (
          <>
            <span>{words.notLoaded}</span>
            <button type="button" class="text" onClick={() => setState('coming')}>
              {words.again}
            </button>
          </>
        ) : (
          <span class="hidden">{words.loading}</span>
        )}
      </div>
    )
  }
}
