import { t } from '../i18n'

/** A customer's name; visitors who gave none are told apart by their number. */
export function nameOf(person: { id: number; name: string }): string {
  return person.name.trim() || t('contact.visitor', { id: person.id })
}
