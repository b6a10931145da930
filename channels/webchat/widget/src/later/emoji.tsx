import { useEffect, useRef, useState } from 'preact/hooks'
import { useSay } from './say'

/** A small set that every font of the last years can draw. */
const all = [
  ...'😀😄😁😅😂🙂😉😊😍😘😋😎🤗🤔🙄😏😴😌😛😟😞😢😭😤😡😱😳🤯🥳🤝',
  ...'👍👎👌🙏👏💪👋✋👆👇',
  ...'🎉🎁🎂🌹💐🔥⭐💯💡🚀📞📷📎📌📅⏰💰🛒📦🚚🏠🔒🔑🔋💻📱📶🌐✅❌❓❗💔',
]
const across = 8

/** A grid of emoji: arrows move in it, Enter picks, Escape leaves. */
export function Emoji({ onPick, onClose }: { onPick(emoji: string): void; onClose(): void }) {
  const say = useSay()
  const grid = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  useEffect(() => grid.current?.querySelectorAll('button')[at]?.focus({ preventScroll: false }), [at])
  const key = (e: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across, Home: -at, End: all.length - 1 - at }[e.key]
    if (e.key === 'Escape') onClose()
    else if (step === undefined) return
    else setAt(Math.max(0, Math.min(all.length - 1, at + step)))
    e.preventDefault()
    e.stopPropagation()
  }
  const rows = Array.from({ length: Math.ceil(all.length / across) }, (_, row) => all.slice(row * across, row * across + across))
  return (
    <div class="emoji" role="grid" aria-label={say('emojiGroups')} ref={grid} onKeyDown={key}>
      {rows.map((row, r) => (
        <div role="row" key={r}>
          {row.map((emoji, c) => (
            <div role="gridcell" key={emoji}>
              <button type="button" tabIndex={r * across + c === at ? 0 : -1} onFocus={() => setAt(r * across + c)} onClick={() => onPick(emoji)}>
                {emoji}
              </button>
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
