/** Joins a further page to a list, without doubles. */
export function append<T extends { id: number }>(list: readonly T[], page: readonly T[]): T[] {
  const known = new Set(list.map((one) => one.id))
  return [...list, ...page.filter((one) => !known.has(one.id))]
}
