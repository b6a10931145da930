import { deflateSync } from 'node:zlib'

// The app's icons, drawn here: the speech bubble of favicon.svg on our blue, so that no picture file has to be kept.

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n >>> 0
})

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  let crc = 0xffffffff
  for (const byte of body) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4)
  return out
}

/** How far a point lies inside the rounded square (negative: outside), in units of 32. */
function square(x: number, y: number, radius: number): number {
  const dx = Math.abs(x - 16) - (16 - radius)
  const dy = Math.abs(y - 16) - (16 - radius)
  return radius - Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - Math.min(Math.max(dx, dy), 0)
}

/** The bubble: a disc with a tail at its lower left. */
function bubble(x: number, y: number): number {
  const disc = 7 - Math.hypot(x - 16, y - 15.5)
  const tail = Math.min(x - 9, 24 - y, 24 - x + (y - 24) * 0.2, (y - 15.5) * 0.9 + (13 - x) * -0.35 + 2, 16 - x)
  return Math.max(disc, tail)
}

/** A PNG of the icon. A maskable one fills its square, with the bubble within the part that every mask leaves. */
export function icon(size: number, maskable = false): Buffer {
  const rows = Buffer.alloc(size * (size * 4 + 1))
  const unit = 32 / size
  const blend = (inside: number) => Math.min(1, Math.max(0, inside / unit + 0.5))
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const x = (i + 0.5) * unit
      const y = (j + 0.5) * unit
      const zoom = maskable ? 1.15 : 0.85
      const white = blend(bubble(16 + (x - 16) * zoom, 16 + (y - 16) * zoom))
      const at = j * (size * 4 + 1) + 1 + i * 4
      rows[at] = 0x3b + (255 - 0x3b) * white
      rows[at + 1] = 0x5b + (255 - 0x5b) * white
      rows[at + 2] = 0xdb + (255 - 0xdb) * white
      rows[at + 3] = maskable ? 255 : 255 * blend(square(x, y, 7))
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', new Uint8Array())])
}
