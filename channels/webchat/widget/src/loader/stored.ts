/** Where the widget keeps its things on the embedding site: per hub and inbox. */
export function storageKey(base: string, inbox: string, name: string): string {
  return `huiyin:${base.replace(/^https?:\/\//, '')}${inbox}:${name}`
}

/** Reads a value, or null where the page may keep nothing. */
export function stored(area: 'localStorage' | 'sessionStorage', base: string, inbox: string, name: string): string | null {
  try {
    return window[area].getItem(storageKey(base, inbox, name))
  } catch {
    return null
  }
}
