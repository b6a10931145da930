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

/** The size of a stored logo, in pixels: sharp at the 32 px that readers see, on any screen. */
const logoHeight = 96
const logoWidth = 480

/** The size at which a picture fits into a logo; a small one stays as it is. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, logoHeight / height, logoWidth / width)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Makes a picture file a logo with its transparency, as a data URL. It fails on what is no picture. */
export async function logo(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, fitted(bitmap.width, bitmap.height))
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser draws no pictures')
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas.toDataURL('image/png')
}
