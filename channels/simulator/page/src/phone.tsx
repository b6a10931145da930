import { useEffect, useRef, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { texts, type Account, type Act } from './contract'
import { Composer } from './composer'
import { Bubble } from './bubble'
import { KfDoor, MiniDoor, OfficialDoor, TextDoor } from './doors'
import { Icon } from './icons'
import { clock, pause } from './time'
import { useWords } from './words'

interface Props {
  account: Account
  now: string
  act: (act: Act) => void
}

/** One phone: who has not followed or entered sees the door, everybody else the chat. */
export function Phone({ account, now, act }: Props): VNode {
  const [outside, setOutside] = useState(false)
  const [inside, setInside] = useState(false)
  const entered = account.kind === 'wechat' ? account.follows : inside || account.screen.length > 0
  const chatting = entered && !outside
  return (
    <div class={`phone ${account.kind}${texts(account) ? ' sms' : ''}`}>
      <div class="status" aria-hidden="true"><span>{clock(new Date(now))}</span><Icon name="signal" /></div>
      {chatting ? <Chat account={account} act={act} onBack={() => setOutside(true)} /> : <Door account={account} act={act} onEnter={() => { setOutside(false); setInside(texts(account)) }} entered={entered} />}
    </div>
  )
}

interface DoorProps {
  account: Account
  act: (act: Act) => void
  entered: boolean
  onEnter: () => void
}

function Door({ account, act, entered, onEnter }: DoorProps): VNode {
  const enter = (scene: string): void => {
    act({ do: 'enter', scene })
    onEnter()
  }
  if (texts(account)) return <TextDoor account={account} onEnter={onEnter} />
  if (account.kind === 'wechat_mini') return <MiniDoor account={account} onEnter={enter} />
  if (account.kind === 'wecom_kf') return <KfDoor account={account} onEnter={enter} />
  return <OfficialDoor account={account} act={act} {...(entered ? { onChat: onEnter } : {})} onEnter={onEnter} />
}

interface ChatProps {
  account: Account
  act: (act: Act) => void
  onBack: () => void
}

function Chat({ account, act, onBack }: ChatProps): VNode {
  const words = useWords()
  const log = useRef<HTMLDivElement>(null)
  const count = account.screen.length
  const toFoot = (): void => {
    const box = log.current
    if (box) box.scrollTop = box.scrollHeight
  }
  useEffect(toFoot, [count])
  return (
    <>
      <header class="bar">
        <button type="button" class="back" onClick={onBack} aria-label={words.back}><Icon name="back" /></button>
        <div class="who">
          <h3>{account.typing ? words.typing : account.name}</h3>
          {texts(account) && <p class="sender">{words.mine(account.openid)}</p>}
          {account.kind === 'wecom_kf' && !account.typing && <p class="kf">{words.wecom}</p>}
        </div>
        {account.kind === 'wechat_mini' ? <span class="capsule" aria-hidden="true"><i>···</i><i>◎</i></span> : <span class="dots" aria-hidden="true">···</span>}
      </header>
      <div class="log" role="log" aria-live="polite" aria-label={account.name} tabIndex={0} ref={log} onLoadCapture={toFoot}>
        {account.screen.map((line, at) => (
          <div key={line.n} class="entry">
            {pause(account.screen[at - 1]?.at, line.at) && <p class="when">{clock(new Date(line.at))}</p>}
            <Bubble account={account} line={line} act={act} />
          </div>
        ))}
      </div>
      <Composer account={account} act={act} />
    </>
  )
}
