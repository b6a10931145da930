import { useState } from 'preact/hooks'
import type { VNode } from 'preact'
import type { Account, Act } from './contract'
import { announced } from './bubble'
import { Icon } from './icons'
import { useWords } from './words'

interface OfficialProps {
  account: Account
  act: (act: Act) => void
  onEnter: () => void
  onChat?: () => void
}

/** The page of an Official Account: followed here, or by a code that carries a scene. */
export function OfficialDoor({ account, act, onEnter, onChat }: OfficialProps): VNode {
  const words = useWords()
  const last = account.screen[account.screen.length - 1]
  const follow = (): void => {
    act({ do: 'follow' })
    onEnter()
  }
  return (
    <div class="door official">
      <header class="bar"><h3>{account.name}</h3></header>
      <div class="inside">
        <span class="crest" aria-hidden="true"><Icon name="bridge" /></span>
        <h4>{account.name}</h4>
        <p>{words.officialAbout}</p>
        {last?.kind === 'unfollowed' && <p class="system" role="status">{announced(last, words)}</p>}
        {onChat
          ? <>
              <button class="big" type="button" onClick={onChat}>{words.composer(account.name)}</button>
              <button class="quiet" type="button" onClick={() => act({ do: 'unfollow' })}>{words.unfollow}</button>
            </>
          : <button class="big" type="button" onClick={follow}>{words.follow}</button>}
        <Scan account={account} scan={(key) => { act({ do: 'scan', key }); onEnter() }} />
      </div>
    </div>
  )
}

/** Scanning a code: one that was made for the account, or any scene typed in. */
function Scan({ account, scan }: { account: Account; scan: (key: string) => void }): VNode {
  const words = useWords()
  const [scene, setScene] = useState('')
  const submit = (event: Event): void => {
    event.preventDefault()
    if (scene.trim()) scan(scene.trim())
  }
  return (
    <form class="scan" onSubmit={submit}>
      <label>{words.scene}
        <input value={scene} maxLength={64} placeholder={words.sceneHint} onInput={(event) => setScene(event.currentTarget.value)} />
      </label>
      <button type="submit" disabled={!scene.trim()}><Icon name="scan" /> {words.scan}</button>
      {account.codes.length > 0 && (
        <div class="codes">
          <p>{words.codes}</p>
          {account.codes.map((code) => <button key={code.ticket} type="button" onClick={() => scan(code.ticket)}><Icon name="scan" /> {code.scene}</button>)}
        </div>
      )}
    </form>
  )
}

interface DoorProps {
  account: Account
  onEnter: (scene: string) => void
}

/** A page of the Mini Program, whose button opens the chat and tells where the customer came from. */
export function MiniDoor({ account, onEnter }: DoorProps): VNode {
  const words = useWords()
  return (
    <div class="door mini">
      <header class="bar"><h3>{account.name}</h3><span class="capsule" aria-hidden="true"><i>···</i><i>◎</i></span></header>
      <div class="inside">
        <h4>{words.miniTitle}</h4>
        <div class="ticket"><b>{words.miniOrder}</b><span>{words.miniWhen}</span><small>No. 20260718</small></div>
        <button class="big" type="button" onClick={() => onEnter('order-20260718')}>{words.contact}</button>
      </div>
    </div>
  )
}

/** A web page with the link to customer service. */
export function KfDoor({ account, onEnter }: DoorProps): VNode {
  const words = useWords()
  return (
    <div class="door kf">
      <header class="bar"><h3>{words.kfPage}</h3></header>
      <div class="inside">
        <span class="crest" aria-hidden="true"><Icon name="bridge" /></span>
        <h4>{account.name}</h4>
        <p>{words.kfAbout}</p>
        <button class="big" type="button" onClick={() => onEnter('website')}>{words.kfOpen}</button>
      </div>
    </div>
  )
}

/** The list of texts, which has one sender so far: the business. */
export function TextDoor({ account, onEnter }: { account: Account; onEnter: () => void }): VNode {
  const words = useWords()
  const last = account.screen[account.screen.length - 1]
  return (
    <div class="door texts">
      <header class="bar"><h3>{words.texts}</h3></header>
      <div class="inside">
        <button type="button" class="sender" onClick={onEnter}>
          <span class="face" aria-hidden="true"><Icon name="bridge" /></span>
          <span><b>{account.name}</b><span class="preview">{last?.text ?? words.textAbout(account.sign ?? account.name)}</span></span>
        </button>
        <p>{words.textHow}</p>
      </div>
    </div>
  )
}
