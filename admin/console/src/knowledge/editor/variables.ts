/** The variables that an answer may hold, as knowledge/variables.go has them. */
export const variables = ['customer.name', 'agent.name', 'inbox.name', 'conversation.number', 'date'] as const

export type Variable = (typeof variables)[number]

const braces = (inside: string): string => '{' + '{' + inside + '}' + '}'

/** A variable as it is written into an answer. */
export function variableText(name: Variable): string {
  return braces(name)
}

/** How words are given for what is not known. */
export const example = (word: string): string => braces(`customer.name|${word}`)
