import { shallowRef } from 'vue'

export interface Question { title: string; text: string; yes: string; danger?: boolean; answer: (yes: boolean) => void }

export const question = shallowRef<Question | null>(null)

/** Asks before something that cannot be taken back; resolves with the answer. */
export function ask(title: string, text: string, yes: string, danger = false): Promise<boolean> {
  return new Promise((resolve) => {
    question.value = { title, text, yes, danger, answer: (value) => { question.value = null; resolve(value) } }
  })
}
