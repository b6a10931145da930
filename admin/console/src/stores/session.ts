import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '../api/client'
import { ApiError } from '../api/problem'
import type { Me } from '../api/types'
import { setLanguage } from '../i18n'

/** Who is signed in and what they may do. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const operations = computed(() => new Set(me.value?.operations ?? []))
  const can = (operation: string) => operations.value.has(operation)
  const isLead = computed(() => ['owner', 'administrator', 'lead'].includes(me.value?.role ?? ''))

  function take(next: Me): void {
    me.value = next
    setLanguage(next.language)
  }

  /** Asks the server who we are; false when nobody is signed in. */
  async function load(): Promise<boolean> {
    if (me.value) return true
    try {
      take(await api.get('/me'))
      return true
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false
      throw error
    }
  }

  async function signIn(email: string, password: string): Promise<void> {
    take(await api.post('/session', { body: { email, password } }))
  }

  async function signOut(): Promise<void> {
    await api.delete('/session')
    me.value = null
  }

  async function change(patch: NonNullable<Parameters<typeof api.patch<'/me'>>[1]>['body']): Promise<void> {
    take(await api.patch('/me', { body: patch }))
  }
  return { me, can, isLead, take, load, signIn, signOut, change }
})
