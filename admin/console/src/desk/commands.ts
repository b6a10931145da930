import type { InjectionKey, ShallowRef } from 'vue'

/** What the open conversation offers to the keyboard and to the palette; a missing one is not possible now. */
export interface DeskCommands {
  reply: () => void; note: () => void; transfer: () => void; resolve: () => void; snooze: () => void; claim: () => void
  reopen: () => void; merge: () => void; wake: () => void; panel: () => void; undo: () => void
}

export const deskKeys: InjectionKey<ShallowRef<Partial<DeskCommands>>> = Symbol('desk commands')
