import type { Act } from './contract'

/** What the customer can send at a press, so that nobody needs files at hand. */
export interface Samples {
  picture(label: string): Promise<Act>
  voice(words: string): Act
  place(label: string, about: string): Act
  file(name: string, text: string): Act
}

export const samples: Samples = {
  async picture(label) {
    const canvas = document.createElement('canvas')
    canvas.width = 480
    canvas.height = 360
    const pen = canvas.getContext('2d')
    if (pen) draw(pen, label)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    return { do: 'image', name: 'modem.png', type: 'image/png', content: blob ? await base64(blob) : btoa('picture') }
  },
  voice: (words) => ({ do: 'voice', text: words, name: 'voice.amr', type: 'audio/amr', content: btoa(silence(1)) }),
  place: (label, about) => ({ do: 'location', lat: 31.2304, lng: 121.4737, text: label, about }),
  file: (name, text) => ({ do: 'file', name, type: 'text/plain', content: btoa(unescape(encodeURIComponent(text))) }),
}

/** A modem whose line light is red. */
function draw(pen: CanvasRenderingContext2D, label: string): void {
  pen.fillStyle = '#c9b79c'
  pen.fillRect(0, 0, 480, 360)
  pen.fillStyle = '#f4f4f2'
  pen.beginPath()
  pen.roundRect(70, 130, 340, 110, 18)
  pen.fill()
  const lights = ['#2fa85a', '#2fa85a', '#d92d20', '#2fa85a']
  lights.forEach((color, at) => {
    pen.fillStyle = color
    pen.beginPath()
    pen.arc(130 + at * 60, 175, 9, 0, Math.PI * 2)
    pen.fill()
  })
  pen.fillStyle = '#4a4a48'
  pen.font = '16px sans-serif'
  pen.textAlign = 'center'
  pen.fillText(label, 240, 220)
  pen.fillStyle = '#3a3a38'
  pen.fillRect(100, 80, 10, 52)
  pen.fillRect(370, 80, 10, 52)
}

/** An AMR file of so many seconds in which nothing is heard: frames of "no data". */
function silence(seconds: number): string {
  return '#!AMR\n' + '\x7c'.repeat(seconds * 50)
}

export async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
