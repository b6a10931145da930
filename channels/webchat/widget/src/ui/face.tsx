import { useState } from 'preact/hooks'

/** A person's picture, or the first letters of the name where there is none or it does not load. */
export function Face({ name, picture, person }: { name: string; picture: string; person: boolean }) {
  const [broken, setBroken] = useState('')
  return (
    <span class={`face ${person ? 'person' : ''}`} aria-hidden="true">
      {picture && broken !== picture ? <img src={picture} alt="" width={36} height={36} onError={() => setBroken(picture)} /> : initials(name)}
    </span>
  )
}

/** The first letters of the first and the last name; of Chinese names the surname. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? ''
  if (/[\u3400-\u9fff\uf900-\ufaff]/.test(first) || words.length < 2) return first
  return first + ([...(words[words.length - 1] ?? '')][0] ?? '')
}
