export const knowledge = {} as const satisfies Record<string, readonly [string, string]>
