import type { Page } from 'playwright-core'

/** Text that is too faint against what is behind it (WCAG AA), one line for each pair of colours. */
export async function faint(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Rgba = [number, number, number, number]
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 1
    const brush = canvas.getContext('2d', { willReadFrequently: true })!
    const known = new Map<string, Rgba>()
    const read = (color: string): Rgba => {
      const kept = known.get(color)
      if (kept) return kept
      brush.clearRect(0, 0, 1, 1)
      brush.fillStyle = color
      brush.fillRect(0, 0, 1, 1)
      const [r = 0, g = 0, b = 0, a = 0] = brush.getImageData(0, 0, 1, 1).data
      const rgba: Rgba = [r, g, b, a / 255]
      known.set(color, rgba)
      return rgba
    }
    const over = (top: Rgba, under: Rgba): Rgba =>
      [0, 1, 2].map((i) => (top[i] ?? 0) * top[3] + (under[i] ?? 0) * (1 - top[3])).concat(1) as Rgba
    const behind = (element: Element | null): Rgba | undefined => {
      if (!element) return [255, 255, 255, 1]
      const style = getComputedStyle(element)
      if (style.backgroundImage !== 'none') return undefined
      const own = read(style.backgroundColor)
      if (own[3] === 1) return own
      const root = element.getRootNode()
      const parent = element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
      const under = behind(parent)
      return under && over(own, under)
    }
    const light = (c: Rgba): number => {
      const [r = 0, g = 0, b = 0] = c.slice(0, 3).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const dimmed = (e: Element): boolean => e.closest(':disabled, [aria-disabled=true], [inert]') !== null || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    const found = new Map<string, string>()
    const look = (root: Document | ShadowRoot): void => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node instanceof Element && node.shadowRoot) look(node.shadowRoot)
        const element = node.parentElement
        if (!(node instanceof Text) || !element || !/[\p{L}\p{N}]/u.test(node.data) || dimmed(element)) continue
        const box = element.getBoundingClientRect()
        if (box.width < 2 || box.height < 2) continue
        const style = getComputedStyle(element)
        const back = behind(element)
        if (!back) continue
        const front = over(read(style.color), back)
        const [hi = 0, lo = 0] = [light(front), light(back)].sort((a, b) => b - a)
        const ratio = (hi + 0.05) / (lo + 0.05)
        const size = parseFloat(style.fontSize)
        const enough = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
        if (ratio < enough) found.set(`${front.map(Math.round).slice(0, 3).join()} on ${back.map(Math.round).slice(0, 3).join()}`, `${ratio.toFixed(2)} "${node.data.trim().slice(0, 30)}"`)
      }
    }
    look(document)
    return [...found].map(([colours, what]) => `too faint: ${colours}: ${what}`)
  })
}
