import type { Storage } from './storage'

/** Runs fn while no other tab runs its own under the same name. */
export async function alone<T>(storage: Storage, name: string, fn: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks
  let begun = false
  const begin = (): Promise<T> => {
    begun = true
    return fn()
  }
  try {
    if (locks) return (await locks.request(storage.name(name), begin)) as T
  } catch (error) {
    // A sandboxed frame has locks and may not use them.
    if (begun) throw error
  }
  const turn = await import('../later/turn').catch(() => undefined)
  return turn ? turn.inTurn(storage, name, fn) : fn()
}
