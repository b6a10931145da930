/** A recording that goes on. */
export interface Recording {
  /** Ends it; undefined when nothing was heard. */
  stop(): Promise<File | undefined>
  cancel(): void
}

/** The formats in the order of our liking, with the ending that tells sound from film where both share a container. */
const formats = [
  ['audio/webm;codecs=opus', 'weba'],
  ['audio/mp4', 'm4a'],
  ['audio/ogg;codecs=opus', 'ogg'],
] as const

/** Begins to record from the microphone; throws when there is none, or it is not allowed. */
export async function record(now = new Date()): Promise<Recording> {
  const sound = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
  const free = (): void => sound.getTracks().forEach((track) => track.stop())
  const format = formats.find(([type]) => MediaRecorder.isTypeSupported(type))
  if (!format) {
    free()
    throw new Error('this browser records in no format that is taken')
  }
  const [type, ending] = format
  const recorder = new MediaRecorder(sound, { mimeType: type, audioBitsPerSecond: 24_000 })
  const pieces: Blob[] = []
  recorder.ondataavailable = (e) => pieces.push(e.data)
  const ended = new Promise<void>((done) => (recorder.onstop = () => done()))
  recorder.start()
  return {
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop()
      await ended
      free()
      const size = pieces.reduce((sum, piece) => sum + piece.size, 0)
      return size > 0 ? new File(pieces, `voice-${stamp(now)}.${ending}`, { type: type.split(';')[0] ?? type }) : undefined
    },
    cancel() {
      if (recorder.state !== 'inactive') recorder.stop()
      free()
    },
  }
}

/** Plays a recording; returns how to stop it. A page's policy may forbid an address to it, but not its sound. */
export async function play(file: File, ended: () => void): Promise<() => void> {
  const sound = new AudioContext()
  const heard = sound.createBufferSource()
  heard.buffer = await sound.decodeAudioData(await file.arrayBuffer())
  heard.connect(sound.destination)
  heard.onended = () => {
    void sound.close()
    ended()
  }
  heard.start()
  return () => heard.stop()
}

function stamp(at: Date): string {
  return at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
}
