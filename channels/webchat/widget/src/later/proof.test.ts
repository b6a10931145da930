import { describe, expect, it } from 'vitest'
import { solve } from './proof'
import { sha256 } from './sha256'

const hex = (hash: Uint32Array) => [...hash].map((word) => word.toString(16).padStart(8, '0')).join('')
const bytes = (text: string) => new TextEncoder().encode(text)
/** As the browser's own counts it. */
const digest = async (text: string) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(text)))].map((b) => b.toString(16).padStart(2, '0')).join('')

describe('sha256', () => {
  // FIPS 180-4's own examples, and the lengths at which a block more is needed.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('%j', (text, want) => expect(hex(sha256(bytes(text)))).toBe(want))

  it.each([54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000])('%i bytes, as others count', async (length) => {
    const text = '国'.repeat(400).slice(0, length)
    expect(hex(sha256(bytes(text)))).toBe(await digest(text))
  })
})

describe('solve', () => {
  it.each([0, 1, 8, 11])('finds what begins with %i zero bits', async (bits) => {
    const found = await solve({ salt: 'some.salt', bits })
    expect(found).toMatch(/^some\.salt\.\d+$/)
    const value = BigInt(`0x${await digest(found)}`)
    expect(value >> BigInt(256 - bits)).toBe(0n)
  })

  it('does not work for hours because somebody says so', async () => {
    await expect(solve({ salt: 's', bits: 64 })).rejects.toThrow(RangeError)
  })
})
