let sound: AudioContext | undefined

/** Two soft notes. Silent where the browser wants a press first. */
export async function ring(): Promise<void> {
  if (!('AudioContext' in window)) return
  sound ??= new AudioContext()
  await sound.resume().catch(() => undefined)
  if (sound.state !== 'running') return
  for (const [i, pitch] of [740, 988].entries()) note(sound, pitch, sound.currentTime + i * 0.13)
}

function note(sound: AudioContext, pitch: number, at: number): void {
  const tone = sound.createOscillator()
  const loudness = sound.createGain()
  tone.frequency.value = pitch
  loudness.gain.setValueAtTime(0.0001, at)
  loudness.gain.exponentialRampToValueAtTime(0.08, at + 0.02)
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.3)
  tone.connect(loudness).connect(sound.destination)
  tone.start(at)
  tone.stop(at + 0.32)
}
