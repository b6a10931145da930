import type { Storage } from './storage'

/** Runs fn while no other tab runs its own under the same name. */
export async function alone<T>(storage: Storage, name: string, fn: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks
  if (locks) return (await locks.request(storage.name(name), fn)) as T
  const turn = await import('../later/turn').catch(() => undefined)
  return turn ? turn.inTurn(storage, name, fn) : fn()
}
