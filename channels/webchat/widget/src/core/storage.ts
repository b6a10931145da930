import { storageKey } from '../loader/stored'

/** The widget's few values on the embedding site, shared by its tabs. Where the browser keeps nothing, memory does. */
export class Storage {
  private readonly memory = new Map<string, string>()

  constructor(
    private readonly base: string,
    private readonly inbox: string,
    private readonly area: globalThis.Storage | undefined,
  ) {}

  get(name: string): string | null {
    const key = this.key(name)
    try {
      return this.area?.getItem(key) ?? this.memory.get(key) ?? null
    } catch {
      return this.memory.get(key) ?? null
    }
  }

  set(name: string, value: string | null): void {
    const key = this.key(name)
    try {
      if (value === null) this.area?.removeItem(key)
      else this.area?.setItem(key, value)
      if (this.area) return void this.memory.delete(key)
    } catch {
      // full or forbidden: memory keeps it for this page
    }
    if (value === null) this.memory.delete(key)
    else this.memory.set(key, value)
  }

  /** All values whose names begin so. */
  list(prefix: string): string[] {
    const begin = this.key(prefix)
    const found = new Map(this.memory)
    try {
      for (let i = 0; this.area && i < this.area.length; i++) {
        const key = this.area.key(i)
        if (key?.startsWith(begin)) found.set(key, this.area.getItem(key) ?? '')
      }
    } catch {
      // forbidden: memory has what there is
    }
    return [...found].flatMap(([key, value]) => (key.startsWith(begin) ? [value] : []))
  }

  /** Calls fn when another tab changed a value; returns how to stop. */
  watch(fn: (name: string, value: string | null) => void): () => void {
    const prefix = this.key('')
    const heard = (event: StorageEvent): void => {
      if (event.storageArea === this.area && event.key?.startsWith(prefix)) fn(event.key.slice(prefix.length), event.newValue)
    }
    window.addEventListener('storage', heard)
    return () => window.removeEventListener('storage', heard)
  }

  private key(name: string): string {
    return storageKey(this.base, this.inbox, name)
  }
}

/** A browser's storage, or undefined where the page may not have it. */
export function area(name: 'localStorage' | 'sessionStorage'): globalThis.Storage | undefined {
  try {
    return window[name]
  } catch {
    return undefined
  }
}

/** Runs fn while no other tab runs its own under the same name, where the browser can promise that. */
export async function alone<T>(name: string, fn: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks
  return locks ? ((await locks.request(name, fn)) as T) : fn()
}
