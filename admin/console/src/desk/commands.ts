import type { InjectionKey, ShallowRef } from 'vue'

/** What the open conversation offers to the keyboard; a missing one is not possible now. */
export interface DeskCommands { reply: () => void; note: () => void; transfer: () => void; resolve: () => void; snooze: () => void; claim: () => void }

export const deskKeys: InjectionKey<ShallowRef<Partial<DeskCommands>>> = Symbol('desk commands')
