import type { Storage } from '../core/storage'

const look = 60
const settle = 40
const renewEvery = 2000
const expires = 6000

/**
 * Runs fn while no other tab does, on pages without https, which have no locks: by a mark in the storage that all tabs see,
 * with the time until which it holds. Two tabs that set one at the same moment see after another whose stayed.
 */
export async function inTurn<T>(storage: Storage, name: string, fn: () => Promise<T>): Promise<T> {
  const place = `turn:${name}`
  const mine = String(Math.random())
  const mark = (): void => storage.set(place, `${mine} ${Date.now() + expires}`)
  for (;;) {
    const [owner, until] = (storage.get(place) ?? '').split(' ')
    if (owner === mine) break
    const free = !(Number(until) > Date.now())
    if (free) mark()
    await new Promise((next) => setTimeout(next, free ? settle : look))
  }
  const renew = setInterval(mark, renewEvery)
  try {
    return await fn()
  } finally {
    clearInterval(renew)
    storage.set(place, null)
  }
}
