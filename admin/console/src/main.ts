import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { configureClient } from './api/client'
import { language, setLanguage } from './i18n'
import { router } from './router'
import { install } from './shell/install'
import { useLive } from './stores/live'
import { useSession } from './stores/session'
import './styles/tokens.css'
import './styles/base.css'

const app = createApp(App)
app.use(createPinia())
setLanguage(language.value)

configureClient({
  onSignedOut: () => {
    const session = useSession()
    if (!session.me) return
    session.me = null
    useLive().stop()
    const at = router.currentRoute.value
    if (at.meta.public !== true) void router.push({ name: 'sign-in', query: { next: at.fullPath, expired: '1' } })
  },
})

app.use(router)
void install().catch(() => undefined)
app.mount('#app')
