import { adopt, draw } from './loader/dom'
import { matchesPage, speaks, wanted } from './core/rules'
import { storageKey } from './loader/stored'
import type { Boot, Greeting } from './contract'

const style = `
.greet{all:initial;position:fixed;bottom:calc(88px + env(safe-area-inset-bottom));max-width:min(280px,calc(100vw - 40px));box-sizing:border-box;display:flex;align-items:flex-start;
background:#fff;color:#1b1f24;border-radius:14px;box-shadow:0 0 0 1px rgb(0 0 0/.06),0 6px 24px rgb(0 0 0/.18);font:14px/1.5 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.greet.right{right:20px}.greet.left{left:20px}
.greet button{all:unset;cursor:pointer;box-sizing:border-box}
.greet button:focus-visible{outline:2px solid #1a5fd0;outline-offset:-2px;border-radius:14px}
.greet .say{padding:12px 4px 12px 14px;white-space:pre-line;overflow-wrap:anywhere}
.greet .shut{width:36px;height:36px;flex:none;text-align:center;font-size:20px;line-height:36px;color:#5b636e}
@media (prefers-color-scheme:dark){.greet{background:#1c1e22;color:#eceef1}.greet .shut{color:#a6adb8}}
@media (prefers-reduced-motion:no-preference){.greet{animation:greet .15s ease-out}@keyframes greet{from{opacity:0;transform:translateY(8px)}}}
@media (forced-colors:active){.greet{border:1px solid}}
@media print{.greet{display:none}}`

interface Place {
  side: string
  lang: string | undefined
  returning: boolean
  /** Whether the browser may remember that a greeting was put away. */
  keeps(): boolean
  /** The hub's address and the inbox. */
  name: string
  open(): void
  emit: Boot['emit']
}

const every = 1000

/**
 * Shows the first greeting whose rule fits the page, once it has been there for as long as the rule says. The address is
 * looked at every second: pages that move without loading do not tell, and nothing of theirs is changed to learn it.
 */
export function greet(root: ShadowRoot, greetings: Greeting[], place: Place): () => void {
  adopt(root, style)
  const lang = place.lang ?? navigator.language
  const away = new Set<string>()
  const remembered = storageKey(place.name, '', 'greeted')
  const box = draw('div', { role: 'status' })
  root.append(box)
  let page = ''
  let since = Date.now()
  let shown: Greeting | undefined

  const put = (text: string): void => {
    away.add(text)
    try {
      if (place.keeps()) sessionStorage.setItem(remembered, '1')
    } catch {
      // the browser keeps nothing: then this page alone knows
    }
  }
  const clear = (): void => {
    shown = undefined
    box.replaceChildren()
  }
  const show = (g: Greeting): void => {
    shown = g
    const say = draw('button', { type: 'button', class: 'say', lang })
    say.textContent = g.text
    say.addEventListener('click', () => {
      put(g.text)
      place.open()
    })
    const shut = draw('button', { type: 'button', class: 'shut', 'aria-label': speaks(lang, 'zh') ? '关闭' : 'Close' })
    shut.textContent = '×'
    shut.addEventListener('click', () => {
      put(g.text)
      clear()
      root.querySelector<HTMLElement>('.launch')?.focus({ preventScroll: true })
    })
    const bubble = draw('div', { class: `greet ${place.side}` })
    bubble.append(say, shut)
    box.replaceChildren(bubble)
    place.emit('greeting', g.text)
  }
  const look = (): void => {
    const here = location.pathname + location.search + location.hash
    if (here !== page) {
      page = here
      since = Date.now()
    }
    if (shown && !matchesPage(shown.pages, page)) clear()
    if (shown || stored(remembered)) return
    const found = greetings.find((g) => !away.has(g.text) && wanted(g, { page, lang, returning: place.returning, stayed: Date.now() - since }))
    if (found) show(found)
  }
  look()
  const timer = setInterval(look, every)
  return () => {
    clearInterval(timer)
    box.remove()
  }
}

function stored(key: string): boolean {
  try {
    return sessionStorage.getItem(key) !== null
  } catch {
    return false
  }
}
