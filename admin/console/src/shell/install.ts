import { t } from '../i18n'
import { toast } from '../ui/toasts'

/** Registers the worker that keeps the shell, and asks before a new version takes its place. */
export async function install(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const worker = await navigator.serviceWorker.register('/console/worker.js', { scope: '/console/' })
  const offer = (): void => {
    const waiting = worker.waiting
    if (waiting && navigator.serviceWorker.controller) toast(t('app.update'), { action: t('app.update.now'), run: () => waiting.postMessage('update') })
  }
  offer()
  worker.addEventListener('updatefound', () => worker.installing?.addEventListener('statechange', offer))
  let controlled = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (controlled) location.reload()
    controlled = true
  })
}
