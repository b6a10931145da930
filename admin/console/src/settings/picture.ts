/** Side of a stored picture, in pixels: sharp at the 36 px that customers see, on any screen. */
const side = 128

/** The part of a picture that a square shows: all of its shorter side, from the middle. */
export function middle(width: number, height: number): { x: number; y: number; side: number } {
  const shorter = Math.min(width, height)
  return { x: (width - shorter) / 2, y: (height - shorter) / 2, side: shorter }
}

/** Makes a picture file a small square JPEG, as a data URL. It fails on what is no picture. */
export async function square(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser draws no pictures')
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, side, side)
  const part = middle(bitmap.width, bitmap.height)
  pen.drawImage(bitmap, part.x, part.y, part.side, part.side, 0, 0, side, side)
  bitmap.close()
  return canvas.toDataURL('image/jpeg', 0.85)
}
