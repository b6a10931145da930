export const settings = {} as const satisfies Record<string, readonly [string, string]>
