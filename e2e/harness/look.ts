import type { Page } from 'playwright-core'
import { phrases } from './words'

const keys = Object.keys(phrases)

/** What is wrong with the page as it stands: too wide, words missing, controls without a name. */
export async function faults(page: Page): Promise<string[]> {
  return page.evaluate((known) => {
    const found: string[] = []
    const visible = (e: Element): boolean => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 0
    const room = document.documentElement
    if (room.scrollWidth > innerWidth) found.push(`scrolls sideways: ${room.scrollWidth} > ${innerWidth} px`)

    const spoken: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement && visible(node.parentElement)) spoken.push(node.textContent?.trim() ?? '')
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (visible(element)) for (const name of ['aria-label', 'title', 'placeholder']) spoken.push(element.getAttribute(name)?.trim() ?? '')
    }
    const names = new Set(known.filter((key) => key.includes('.')))
    for (const text of spoken) {
      const untranslated = text.split(/[\s·:：]+/).find((word) => names.has(word))
      if (untranslated) found.push(`untranslated key: ${untranslated}`)
      if (/\{\w+\}(?!\})|\bundefined\b|\bNaN\b|\[object Object\]|Invalid Date/.test(text) && !text.includes('{{')) found.push(`broken words: ${text.slice(0, 80)}`)
    }

    const nameOf = (e: Element): string => {
      const by = (e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('')
      const labels = [...((e as HTMLInputElement).labels ?? [])].map((label) => label.textContent ?? '').join('')
      const alt = [...e.querySelectorAll('img[alt]')].map((img) => img.getAttribute('alt') ?? '').join('')
      return (by || e.getAttribute('aria-label') || labels || e.textContent || alt || e.getAttribute('title') || '').trim()
    }
    for (const control of document.querySelectorAll('button, a[href], input:not([type=hidden]), textarea, select, [role=button], [role=tab], [role=dialog], dialog')) {
      if (visible(control) && control.closest('[aria-hidden=true]') === null && nameOf(control) === '') found.push(`no name: ${control.outerHTML.slice(0, 120)}`)
    }
    return [...new Set(found)]
  }, keys)
}

/** Presses Tab and tells which stops show no sign that they have the focus. */
export async function blindStops(page: Page, presses: number): Promise<string[]> {
  const blind: string[] = []
  for (let i = 0; i < presses; i++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      let at = document.activeElement
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
      if (!at || at === document.body) return ''
      const shows = (e: Element | null): boolean => {
        if (!e) return false
        const style = getComputedStyle(e)
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none'
      }
      return shows(at) || shows(at.parentElement) || shows(at.closest('label')) ? '' : at.outerHTML.slice(0, 120)
    })
    if (stop) blind.push(stop)
  }
  return blind
}
