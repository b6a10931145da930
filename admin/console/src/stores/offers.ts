import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '../api/client'
import type { Offer } from '../api/types'
import { t } from '../i18n'
import type { Hint } from '../live/transport'
import { attempt, toast } from '../ui/toasts'
import { useLive } from './live'
import { useSession } from './session'

/** How often the list is asked for without a hint: hints may be lost. */
const lookEvery = 15_000

/** What is offered to this agent. The server's list is the truth; hints only say that it is worth looking. */
export const useOffers = defineStore('offers', () => {
  const session = useSession()
  const offers = ref<(Offer & { until: number })[]>([])
  const busy = ref(false)
  /** Called for each offer that was not there before: the place for a sound. */
  const arrivals = new Set<(offer: Offer) => void>()
  let unlisten: (() => void) | undefined
  let timer: ReturnType<typeof setInterval> | undefined

  const first = computed(() => offers.value[0])

  async function load(): Promise<void> {
    const found = await api.get('/offers').catch(() => null)
    if (!found) return
    const known = new Set(offers.value.map((one) => one.id))
    offers.value = found.map((one) => ({ ...one, until: performance.now() + one.left_ms }))
    for (const one of found) if (!known.has(one.id)) arrivals.forEach((tell) => tell(one))
  }

  function hear(hint: Hint): void {
    if (hint.kind !== 'offer') return
    const was = offers.value.find((one) => one.id === hint.offer_id)
    if (hint.outcome) offers.value = offers.value.filter((one) => one.id !== hint.offer_id)
    if (hint.away) toast(t('offer.away'), { kind: 'bad' })
    else if (hint.outcome === 'silent') toast(t('offer.missed'), { kind: 'bad' })
    else if (hint.outcome === 'withdrawn' && was && !busy.value) toast(t('offer.gone'))
    void load()
  }

  function start(): void {
    if (!session.can('listOffers') || unlisten) return
    unlisten = useLive().listen({ hint: hear, reset: () => void load() })
    timer = setInterval(() => void load(), lookEvery)
    void load()
  }

  function stop(): void {
    unlisten?.()
    unlisten = undefined
    clearInterval(timer)
    offers.value = []
  }

  /** Takes an offer; the number of the conversation that is this agent's now, or 0. */
  async function accept(id: number): Promise<number> {
    return answer(id, async () => (await api.post('/offers/{id}/accept', { path: { id } })).id)
  }

  async function decline(id: number): Promise<void> {
    await answer(id, async () => { await api.post('/offers/{id}/decline', { path: { id } }); return 0 })
  }

  async function answer(id: number, send: () => Promise<number>): Promise<number> {
    if (busy.value) return 0
    busy.value = true
    let got = 0
    await attempt(async () => { got = await send() })
    offers.value = offers.value.filter((one) => one.id !== id)
    busy.value = false
    void load()
    return got
  }
  return { offers, first, busy, arrivals, load, start, stop, accept, decline }
})
