import { shallowRef } from 'vue'
import type { DeskCommands } from '../desk/commands'

/** What can be done with the conversation that is open, for the palette, which stands above the desk; empty elsewhere. */
export const here = shallowRef<Partial<DeskCommands>>({})
