/** Where the widget keeps its things on the embedding site: per hub and inbox. */
export function storageKey(base: string, inbox: string, name: string): string {
  return `huiyin:${base.replace(/^https?:\/\//, '')}${inbox}:${name}`
}

/** Whether this visitor has been here: then the app looks for unread messages on its own. */
export function storedToken(base: string, inbox: string): boolean {
  try {
    return localStorage.getItem(storageKey(base, inbox, 'token')) !== null
  } catch {
    return false
  }
}

/** Whether the panel was open on the page the visitor just left in this tab. */
export function storedOpen(base: string, inbox: string): boolean {
  try {
    return sessionStorage.getItem(storageKey(base, inbox, 'open')) === '1'
  } catch {
    return false
  }
}
