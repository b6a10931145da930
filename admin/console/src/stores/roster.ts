import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '../api/client'
import type { Shift } from '../api/types'
import { askedOf, daysLater } from '../roster/roster'
import { useSession } from './session'

const ahead = 60

/** The shifts that colleagues ask this person to take over, for the mark on the way to the roster. */
export const useRoster = defineStore('roster', () => {
  const session = useSession()
  const coming = ref<Shift[]>([])
  const asked = computed(() => askedOf(coming.value, session.me?.id ?? 0, Date.now()))

  async function load(): Promise<void> {
    if (!session.can('listShifts')) return
    const now = new Date()
    coming.value = await api.get('/shifts', { query: { from: now.toISOString(), to: daysLater(now, ahead).toISOString() } })
  }
  return { asked, load }
})
