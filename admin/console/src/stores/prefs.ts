import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export type Theme = 'system' | 'light' | 'dark'

function kept(key: string, fallback: string): string {
  return localStorage.getItem(key) ?? fallback
}

/** What this browser remembers about how its user likes to work. */
export const usePrefs = defineStore('prefs', () => {
  const theme = ref(kept('huiyin.theme', 'system') as Theme)
  const sound = ref(kept('huiyin.sound', 'off') === 'on')
  const notify = ref(kept('huiyin.notify', 'off') === 'on')
  const volume = ref(Number(kept('huiyin.volume', '60')))
  const panel = ref(kept('huiyin.panel', 'on') === 'on')

  const card = ref(kept('huiyin.card', 'on') === 'on')

  watch(theme, (value) => {
    if (value === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = value
    localStorage.setItem('huiyin.theme', value)
  })
  watch(sound, (on) => localStorage.setItem('huiyin.sound', on ? 'on' : 'off'))
  watch(notify, (on) => localStorage.setItem('huiyin.notify', on ? 'on' : 'off'))
  watch(volume, (value) => localStorage.setItem('huiyin.volume', String(value)))
  watch(panel, (on) => localStorage.setItem('huiyin.panel', on ? 'on' : 'off'))

  watch(card, (on) => localStorage.setItem('huiyin.card', on ? 'on' : 'off'))

  /** Asks the browser for leave to notify; stays off when it is refused. */
  async function setNotify(on: boolean): Promise<boolean> {
    notify.value = on && 'Notification' in window && (await Notification.requestPermission()) === 'granted'
    return notify.value === on
  }
  return { volume, theme, sound, notify, panel, card, setNotify }
})
