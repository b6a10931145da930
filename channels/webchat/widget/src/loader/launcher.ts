import type { Launcher, Options } from '../contract'
import { adopt, draw } from './dom'

// The icons are boxes cut to a shape: they need no drawing, and colours that the visitor forces reach them.
const style = `
.launch{all:unset;position:fixed;bottom:calc(20px + env(safe-area-inset-bottom));min-width:56px;height:56px;border-radius:28px;box-sizing:border-box;cursor:pointer;
background:var(--hy-accent,#1f6feb);color:var(--hy-ink,#fff);display:flex;align-items:center;justify-content:center;font:600 15px/1.5 system-ui,sans-serif;
box-shadow:0 2px 6px rgb(0 0 0/.16),0 6px 20px rgb(0 0 0/.14)}
.right{right:calc(20px + env(safe-area-inset-right))}.left{left:calc(20px + env(safe-area-inset-left))}
.launch:focus-visible{outline:3px solid var(--hy-accent,#1f6feb);outline-offset:3px}
.launch b{width:24px;height:24px;margin:0 16px;background:currentColor;forced-color-adjust:none;flex:none;clip-path:path("M12 2C6.500 2 2 5.800 2 10.500c0 2.600 1.400 5 3.600 6.500L5 22l5.300-3.100C16.800 19.800 22 15.500 22 10.500 22 5.800 17.500 2 12 2z")}
.launch b+b{clip-path:polygon(4% 33%,13% 24%,50% 61%,87% 24%,96% 33%,50% 79%)}
.launch span{max-width:200px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;margin:0 20px 0 -8px}
.launch i{position:absolute;top:-2px;right:-2px;min-width:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:#c62828;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
.launch :empty:not(b),.launch[aria-expanded=true] :is(b:first-child,span),.launch[aria-expanded=false] b+b{display:none}
@media (max-width:480px){.launch[aria-expanded=true]{display:none}}
@media print{:host{display:none}}
@media (forced-colors:active){.launch{border:2px solid}.launch b{background:ButtonText}}`

/** Puts the chat's element on the page: it takes no room and lets no style of the page in. */
export function makeRoot(): ShadowRoot {
  const host = document.createElement('huiyin-chat')
  host.style.cssText =
    'all:initial!important;position:fixed!important;top:0!important;left:0!important;width:0!important;height:0!important;z-index:2147483000!important'
  const root = host.attachShadow({ mode: 'open' })
  // A page that is still coming may have no body yet.
  ;(document.body ?? document.documentElement).append(host)
  return root
}

/** Puts the launcher into the chat's element; it calls when it is pressed, and once when that is to be expected. */
export function makeLauncher(root: ShadowRoot, options: Options, pressed: () => void, near: () => void): Launcher {
  adopt(root, style)
  const badge = draw('i', { 'aria-hidden': 'true' })
  const words = draw('span', { 'aria-hidden': 'true' })
  const button = draw('button', { type: 'button' }) as HTMLButtonElement
  let label = names[languageOf(options.lang ?? navigator.language)]
  button.append(draw('b', {}), draw('b', {}), words, badge)
  button.addEventListener('click', pressed)
  button.addEventListener('pointerenter', near, { once: true })
  root.append(button)
  return {
    button,
    show({ open, unread, text, color, ink, position, ...more }) {
      label = more.label ?? label
      button.className = `launch ${position === 'left' ? 'left' : 'right'}`
      button.setAttribute('aria-expanded', String(open))
      // Who speaks to the machine says the words that they see.
      button.setAttribute('aria-label', text && !open ? `${text}: ${label}` : label)
      words.textContent = text ?? ''
      badge.textContent = unread === 0 ? '' : unread > 99 ? '99+' : String(unread)
      if (color) button.style.setProperty('--hy-accent', color)
      if (ink) button.style.setProperty('--hy-ink', ink)
    },
  }
}

const names = { zh: '打开在线客服', tw: '開啟線上客服', en: 'Open chat' }

/** Which of our languages a tag most likely means; the app judges by all languages of the browser. */
export function languageOf(tag: string): 'zh' | 'tw' | 'en' {
  return !/^zh/i.test(tag) ? 'en' : /tw|hk|mo|hant/i.test(tag) ? 'tw' : 'zh'
}
