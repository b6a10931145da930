import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '../api/client'
import type { SavedView, SavedViewInput } from '../api/types'
import { useLive } from './live'
import { useSession } from './session'

/** The saved views that the agent sees, with their counts. */
export const useViews = defineStore('views', () => {
  const session = useSession()
  const live = useLive()
  const list = ref<SavedView[]>([])
  const loaded = ref(false)

  const counts = computed(() => new Map((live.counts?.saved ?? []).map((one) => [one.id, one])))

  async function load(): Promise<void> {
    if (!session.can('listViews')) return
    list.value = await api.get('/views')
    loaded.value = true
  }

  function find(id: number): SavedView | undefined {
    return list.value.find((one) => one.id === id)
  }

  /** Saves a view, a new one when no id is given. */
  async function save(input: SavedViewInput, id = 0): Promise<SavedView> {
    const saved = id ? await api.put('/views/{id}', { path: { id }, body: input }) : await api.post('/views', { body: input })
    list.value = [...list.value.filter((one) => one.id !== saved.id), saved].sort((a, b) => a.name.localeCompare(b.name))
    live.countSoon()
    return saved
  }

  async function remove(id: number): Promise<void> {
    await api.delete('/views/{id}', { path: { id } })
    list.value = list.value.filter((one) => one.id !== id)
  }
  return { list, loaded, counts, load, find, save, remove }
})
