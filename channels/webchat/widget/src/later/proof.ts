import { sha256 } from './sha256'
import type { Challenge } from '../contract'

const atATime = 500
const most = 26

/**
 * Finds the nonce for which SHA-256 of "salt.nonce" begins with so many zero bits, and answers "salt.nonce". It works in
 * short turns, so that the page stays usable, and without a worker, which the page's policy may forbid.
 */
export async function solve({ salt, bits }: Challenge): Promise<string> {
  if (bits > most) throw new RangeError(`a proof of ${bits} bits is too much to ask`)
  const words = new TextEncoder()
  for (let nonce = 0; ; nonce++) {
    const text = `${salt}.${nonce}`
    if (zeros(sha256(words.encode(text))) >= bits) return text
    if (nonce % atATime === atATime - 1) await new Promise((next) => setTimeout(next))
  }
}

/** How many zero bits a hash begins with. */
function zeros(hash: Uint32Array): number {
  let count = 0
  for (const word of hash) {
    count += Math.clz32(word)
    if (word !== 0) break
  }
  return count
}
