import { later } from './later'

/** What is fetched only when somebody wants it. It does not count to the first open. */
const style = () => import('../later/style')

export const Intro = later(async () => ({ part: (await import('../later/form')).Intro, ...(await style()) }))
export const Menu = later(async () => ({ part: (await import('../later/menu')).Menu, ...(await style()) }))
export const Reader = later(async () => ({ part: (await import('../later/reader')).Reader, ...(await style()) }))
export const Past = later(async () => ({ part: (await import('../later/past')).Past, ...(await style()) }))
export const Leave = later(async () => ({ part: (await import('../later/leave')).Leave, ...(await style()) }))
export const Transcript = later(async () => ({ part: (await import('../later/transcript')).Transcript, ...(await style()) }))
export const Stars = later(async () => ({ part: (await import('../later/stars')).Stars, ...(await style()) }))
export const Emoji = later(async () => ({ part: (await import('../later/emoji')).Emoji, ...(await style()) }))
export const Voice = later(async () => ({ part: (await import('../later/voice')).Voice, ...(await style()) }))
