import type { Setting } from '../api/types'

/** What the form starts with: saved values, else defaults; secrets start empty, their masks are not values. A secret list shows its names. */
export function initialSettings(specs: readonly Setting[], saved: Record<string, string>): Record<string, string> {
  return Object.fromEntries(specs.map((one) => [one.key, one.secret && one.type !== 'list' ? '' : saved[one.key] ?? one.default ?? '']))
}

/** What is sent: everything but secrets that were left empty and are saved already. */
export function settingsToSend(specs: readonly Setting[], values: Record<string, string>, saved: Record<string, string>): Record<string, string> {
  const kept = specs.filter((one) => {
    const value = values[one.key] ?? ''
    if (one.secret && one.type !== 'list') return value !== ''
    return value !== '' || one.key in saved
  })
  return Object.fromEntries(kept.map((one) => [one.key, values[one.key] ?? '']))
}

/** Whether a switch is on; settings travel as text. */
export function isOn(value: string | undefined): boolean {
  return value === 'true' || value === 'on' || value === '1'
}

/** The lines of a text field, trimmed; empty ones are left out. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
}
