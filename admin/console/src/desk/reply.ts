import { Drafts } from './drafts'

/** The drafts of this browser. */
export const drafts = new Drafts(localStorage, () => Date.now())
