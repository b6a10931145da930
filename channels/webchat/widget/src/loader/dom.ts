/** Gives a shadow root its style without a style element where the browser can: a strict CSP forbids those. */
export function adopt(root: ShadowRoot, css: string): void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  } catch {
    const style = document.createElement('style')
    style.textContent = css
    root.append(style)
  }
}

/** Makes one element with its attributes. */
export function draw(name: string, attributes: Record<string, string>): HTMLElement {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

/** Makes a 24 × 24 icon of one path, filled or stroked. */
export function svg(path: string, className: string, filled: boolean): SVGElement {
  const ns = 'http://www.w3.org/2000/svg'
  const icon = document.createElementNS(ns, 'svg')
  const line = document.createElementNS(ns, 'path')
  for (const [key, value] of [['viewBox', '0 0 24 24'], ['class', className], ['aria-hidden', 'true']] as const) icon.setAttribute(key, value)
  line.setAttribute('d', path)
  line.setAttribute('fill', filled ? 'currentColor' : 'none')
  if (!filled) {
    line.setAttribute('stroke', 'currentColor')
    line.setAttribute('stroke-width', '2.2')
    line.setAttribute('stroke-linecap', 'round')
    line.setAttribute('stroke-linejoin', 'round')
  }
  icon.append(line)
  return icon
}
