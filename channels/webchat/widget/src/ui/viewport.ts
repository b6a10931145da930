import { useEffect, useState } from 'preact/hooks'

const narrow = '(max-width: 480px), (max-height: 480px) and (pointer: coarse)'

/** Whether the panel fills the screen. */
export function usePhone(): boolean {
  const [phone, setPhone] = useState(matchMedia(narrow).matches)
  useEffect(() => {
    const query = matchMedia(narrow)
    const look = (): void => setPhone(query.matches)
    query.addEventListener('change', look)
    return () => query.removeEventListener('change', look)
  }, [])
  return phone
}

/** Fits the panel into what the keyboard leaves of the screen. */
export function useViewport(panel: { current: HTMLElement | null }, active: boolean): void {
  useEffect(() => {
    const seen = window.visualViewport
    if (!active || !seen) return
    const fit = (): void => {
      panel.current?.style.setProperty('--hy-seen', `${seen.height}px`)
      panel.current?.style.setProperty('--hy-above', `${seen.offsetTop}px`)
    }
    fit()
    seen.addEventListener('resize', fit)
    seen.addEventListener('scroll', fit)
    return () => {
      seen.removeEventListener('resize', fit)
      seen.removeEventListener('scroll', fit)
      panel.current?.style.removeProperty('--hy-seen')
      panel.current?.style.removeProperty('--hy-above')
    }
  }, [active])
}
