import type { Launcher } from '../contract'
import { adopt, draw, svg } from './dom'

interface Options {
  side: 'left' | 'right'
  lang: string | undefined
  color: string | undefined
  onPress(): void
  onNear(): void
}

const style = `
.launch{all:unset;position:fixed;bottom:calc(20px + env(safe-area-inset-bottom));width:56px;height:56px;border-radius:28px;
box-sizing:border-box;cursor:pointer;background:var(--hy-accent,#1f6feb);color:var(--hy-ink,#fff);display:grid;place-items:center;
box-shadow:0 2px 6px rgba(0,0,0,.16),0 6px 20px rgba(0,0,0,.14);-webkit-tap-highlight-color:transparent}
.launch.right{right:20px}.launch.left{left:20px}
.launch:focus-visible{outline:3px solid var(--hy-accent,#1f6feb);outline-offset:3px}
.launch svg{width:26px;height:26px}
.launch i{all:unset;position:absolute;top:-2px;right:-2px;min-width:20px;height:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;
background:#c62828;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
.launch i:empty{display:none}
.launch[aria-expanded=true] .say,.launch[aria-expanded=false] .shut{display:none}
@media (max-width:480px){.launch[aria-expanded=true]{display:none}}
@media print{:host{display:none}}
@media (prefers-reduced-motion:no-preference){.launch{transition:transform .12s}.launch:active{transform:scale(.94)}}`

const say = 'M12 3.5c-5 0-9 3.4-9 7.6 0 2.4 1.3 4.5 3.3 5.9l-.6 3.2c-.1.4.3.7.7.5l3.5-1.8c.7.1 1.4.2 2.1.2 5 0 9-3.4 9-7.9s-4-7.7-9-7.7z'
const shut = 'M6 9.5l6 6 6-6'

/** Puts the launcher on the page, in a shadow root that the page's style cannot reach. */
export function makeLauncher(options: Options): { root: ShadowRoot; launcher: Launcher } {
  const host = document.createElement('huiyin-chat')
  host.style.cssText =
    'all:initial!important;position:fixed!important;top:0!important;left:0!important;width:0!important;height:0!important;z-index:2147483000!important'
  const root = host.attachShadow({ mode: 'open' })
  adopt(root, style)
  const chinese = (options.lang ?? navigator.language).toLowerCase().startsWith('zh')
  const badge = draw('i', { 'aria-hidden': 'true' })
  const button = draw('button', {
    type: 'button',
    class: `launch ${options.side}`,
    'aria-expanded': 'false',
    'aria-label': chinese ? '打开在线客服' : 'Open chat',
  }) as HTMLButtonElement
  button.append(svg(say, 'say', true), svg(shut, 'shut', false), badge)
  if (options.color) button.style.setProperty('--hy-accent', options.color)
  button.addEventListener('click', options.onPress)
  button.addEventListener('pointerenter', options.onNear, { once: true })
  root.append(button)
  document.body.append(host)
  return { root, launcher: { button, show: (state) => show(button, badge, state) } }
}

function show(button: HTMLButtonElement, badge: HTMLElement, state: Parameters<Launcher['show']>[0]): void {
  button.setAttribute('aria-expanded', String(state.open))
  button.setAttribute('aria-label', state.label)
  badge.textContent = state.unread === 0 ? '' : state.unread > 99 ? '99+' : String(state.unread)
  if (state.color) button.style.setProperty('--hy-accent', state.color)
  if (state.ink) button.style.setProperty('--hy-ink', state.ink)
}
