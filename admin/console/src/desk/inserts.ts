import { shallowRef } from 'vue'
import type { Hit } from '../api/types'

/** What another part of the desk asks the reply box to take in: an article, or ready words. */
export const inserts = shallowRef<{ hit?: Hit; words?: string } | null>(null)
