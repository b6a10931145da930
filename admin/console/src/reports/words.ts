import { locale, t } from '../i18n'
import { span, unitOf, type Measure } from './figures'

export const units = () => ({ d: t('unit.d'), h: t('unit.h'), min: t('unit.min'), s: t('unit.s') })

/** A measure's value as people read it; a dash where there is none. */
export function shown(measure: Measure, value: number | null): string {
  if (value === null) return '—'
  switch (unitOf[measure]) {
    case 'time': return span(value, units())
    case 'share': return new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 0 }).format(value)
    case 'score': return new Intl.NumberFormat(locale.value, { minimumFractionDigits: 1, maximumFractionDigits: 2 }).format(value)
    default: return new Intl.NumberFormat(locale.value).format(value)
  }
}
