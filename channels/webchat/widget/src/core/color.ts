/** Colours that stay readable, whatever the owner of the site picks. */

type Rgb = readonly [number, number, number]

/** Reads #rgb or #rrggbb; undefined when it is neither. */
export function parseColor(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]
  if (!hex) return undefined
  const six = hex.length === 3 ? [...hex].map((c) => c + c).join('') : hex
  const n = parseInt(six, 16)
  return [n >> 16, (n >> 8) & 255, n & 255]
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** What to write with on a colour. */
export function inkOn(color: Rgb): string {
  return contrast(color, [255, 255, 255]) >= 4.5 ? '#ffffff' : contrast(color, [17, 17, 17]) >= 4.5 ? '#111111' : '#ffffff'
}

/** The colour, moved away from the background as far as its text needs to be read on it (4.5 : 1). */
export function readableOn(color: Rgb, background: Rgb): string {
  const towards = luminance(background) > 0.4 ? 0 : 255
  let found = color
  for (let step = 0; step < 20 && contrast(found, background) < 4.5; step++) {
    found = found.map((c) => Math.round(c + (towards - c) * 0.12)) as unknown as Rgb
  }
  return `#${found.map((c) => c.toString(16).padStart(2, '0')).join('')}`
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
