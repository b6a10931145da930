import { storageKey } from '../loader/stored'

type Area = globalThis.Storage | undefined

/** The widget's few values on the embedding site, shared by its tabs. Where the browser keeps nothing, memory does. */
export class Storage {
  private readonly memory = new Map<string, string>()

  constructor(
    private readonly base: string,
    private readonly inbox: string,
    private area: Area,
  ) {}

  /** Keeps things there from now on, what memory has included; without an area in memory alone, and nothing stays behind. */
  use(area: Area): void {
    const before = this.area
    if (before === area) return
    if (before) {
      for (const [key, value] of this.entries('')) {
        this.memory.set(key, value)
        before.removeItem(key)
      }
    }
    this.area = area
    for (const [key, value] of area ? [...this.memory] : []) this.put(key, value)
  }

  get(name: string): string | null {
    const key = this.name(name)
    try {
      return this.area?.getItem(key) ?? this.memory.get(key) ?? null
    } catch {
      return this.memory.get(key) ?? null
    }
  }

  set(name: string, value: string | null): void {
    const key = this.name(name)
    if (value !== null) return this.put(key, value)
    this.memory.delete(key)
    try {
      this.area?.removeItem(key)
    } catch {
      // forbidden: then there is nothing to take away
    }
  }

  /** All values whose names begin so. */
  list(prefix: string): string[] {
    return [...this.entries(prefix).values()]
  }

  /** Calls fn when another tab changed a value; returns how to stop. */
  watch(fn: (name: string, value: string | null) => void): () => void {
    const prefix = this.name('')
    const heard = (event: StorageEvent): void => {
      if (this.area && event.storageArea === this.area && event.key?.startsWith(prefix)) fn(event.key.slice(prefix.length), event.newValue)
    }
    window.addEventListener('storage', heard)
    return () => window.removeEventListener('storage', heard)
  }

  private put(key: string, value: string): void {
    try {
      this.area?.setItem(key, value)
      if (this.area) return void this.memory.delete(key)
    } catch {
      // full or forbidden: memory keeps it for this page
    }
    this.memory.set(key, value)
  }

  private entries(prefix: string): Map<string, string> {
    const begin = this.name(prefix)
    const found = new Map([...this.memory].filter(([key]) => key.startsWith(begin)))
    try {
      for (let i = 0; this.area && i < this.area.length; i++) {
        const key = this.area.key(i)
        if (key?.startsWith(begin)) found.set(key, this.area.getItem(key) ?? '')
      }
    } catch {
      // forbidden: memory has what there is
    }
    return found
  }

  /** The full name of a value. */
  name(name: string): string {
    return storageKey(this.base, this.inbox, name)
  }
}

/** A browser's storage, or undefined where the page may not have it. */
export function area(name: 'localStorage' | 'sessionStorage'): Area {
  try {
    return window[name]
  } catch {
    return undefined
  }
}
