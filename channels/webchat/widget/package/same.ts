// Checked, never shipped: the package's types say what the loader does.
import type { EventName, Identity as OurIdentity, Options, PublicApi, Settings } from '../src/contract'
import type { Chat, ChatEvent, ChatOptions, ChatSettings, Identity } from './index.js'

type Same<A, B> = [A, B] extends [B, A] ? true : never
export const events: Same<EventName, ChatEvent> = true
export const identities: Same<OurIdentity, Identity> = true
export const settings: Same<Settings, ChatSettings> = true
export const chat = (api: PublicApi): Chat => api
export const options = ({ nonce: _, ...rest }: ChatOptions): Options => rest
