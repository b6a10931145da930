import type { Storage } from './storage'

const key = 'sound'

/** The sound when something new waits: as the owner set it, until the visitor says otherwise. */
export class Bell {
  constructor(
    private readonly storage: Storage,
    private readonly byDefault: () => boolean,
  ) {}

  get on(): boolean {
    const chosen = this.storage.get(key)
    return chosen === null ? this.byDefault() : chosen === '1'
  }

  /** Turned on, it rings once: browsers let only a press begin sound, and one hears what one has chosen. */
  turn(on: boolean): void {
    this.storage.set(key, on ? '1' : '0')
    void this.ring()
  }

  async ring(): Promise<void> {
    if (this.on) await import('../later/bell').then((bell) => bell.ring(), () => undefined)
  }
}
