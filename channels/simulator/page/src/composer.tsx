import { useRef, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { texts, type Account, type Act, type Button } from './contract'
import { Icon, type IconName } from './icons'
import { base64, samples } from './samples'
import { useWords } from './words'

interface Props {
  account: Account
  act: (act: Act) => void
}

/** The foot of a chat: the account's menu, or the keyboard with what else can be sent. */
export function Composer({ account, act }: Props): VNode {
  const [typing, setTyping] = useState(false)
  if (account.kind === 'wechat' && account.menu.length > 0 && !typing) return <MenuBar menu={account.menu} act={act} onKeyboard={() => setTyping(true)} />
  return <Keyboard account={account} act={act} {...(account.kind === 'wechat' && account.menu.length > 0 ? { onMenu: () => setTyping(false) } : {})} />
}

interface MenuProps {
  menu: Button[]
  act: (act: Act) => void
  onKeyboard: () => void
}

function MenuBar({ menu, act, onKeyboard }: MenuProps): VNode {
  const words = useWords()
  const [open, setOpen] = useState(-1)
  const press = (b: Button): void => {
    setOpen(-1)
    if (b.type === 'view') act({ do: 'view', url: b.url ?? '' })
    else act({ do: 'click', key: b.key ?? '' })
  }
  return (
    <div class="foot menubar" onKeyDown={(event) => event.key === 'Escape' && setOpen(-1)}>
      <button type="button" class="tiny" aria-label={words.keyboard} onClick={onKeyboard}><Icon name="keyboard" /></button>
      {menu.map((b, at) => (
        <div key={b.name} class="slot">
          {b.sub_button?.length
            ? <button type="button" aria-expanded={open === at} onClick={() => setOpen(open === at ? -1 : at)}><span aria-hidden="true">≡ </span>{b.name}</button>
            : <button type="button" onClick={() => press(b)}>{b.name}</button>}
          {open === at && <ul class="popup">{b.sub_button?.map((sub) => <li key={sub.name}><button type="button" onClick={() => press(sub)}>{sub.name}</button></li>)}</ul>}
        </div>
      ))}
    </div>
  )
}

interface KeyboardProps extends Props {
  onMenu?: () => void
}

function Keyboard({ account, act, onMenu }: KeyboardProps): VNode {
  const words = useWords()
  const [text, setText] = useState('')
  const [more, setMore] = useState(false)
  const submit = (event: Event): void => {
    event.preventDefault()
    if (!text.trim()) return
    act({ do: 'text', text: text.trim() })
    setText('')
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event)
  }
  return (
    <>
      {texts(account) && <Words act={act} />}
      <form class="foot keyboard" onSubmit={submit}>
        {onMenu && <button type="button" class="tiny" aria-label={words.menu} onClick={onMenu}><Icon name="menu" /></button>}
        <textarea rows={1} value={text} maxLength={600} placeholder={account.screen.some((line) => line.from === 'customer') ? '' : words.hint} aria-label={words.composer(account.name)} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKey} />
        {text.trim()
          ? <button type="submit" class="send">{words.send}</button>
          : !texts(account) && <button type="button" class="tiny" aria-label={words.more} aria-expanded={more} onClick={() => setMore(!more)}><Icon name="plus" /></button>}
      </form>
      {more && <More account={account} act={(one) => { setMore(false); act(one) }} />}
    </>
  )
}

/** The words that networks and laws know, at a press. */
function Words({ act }: { act: (act: Act) => void }): VNode {
  const words = useWords()
  return (
    <div class="quickwords" role="group" aria-label={words.consent}>
      {[words.stop, words.start].map((text) => <button key={text} type="button" onClick={() => act({ do: 'text', text })}>{text}</button>)}
    </div>
  )
}

/** What can be sent besides words: samples at a press, and a picture of one's own. */
function More({ account, act }: Props): VNode {
  const words = useWords()
  const album = useRef<HTMLInputElement>(null)
  const choose = async (): Promise<void> => {
    const file = album.current?.files?.[0]
    if (file) act({ do: 'image', name: file.name, type: file.type, content: await base64(file) })
  }
  const entries: { icon: IconName; label: string; press: () => void; kinds?: string[] }[] = [
    { icon: 'camera', label: words.samplePicture, press: () => void samples.picture(words.pictureOf).then(act) },
    { icon: 'album', label: words.ownPicture, press: () => album.current?.click() },
    { icon: 'voice', label: words.voice, press: () => act(samples.voice(words.voiceWords)), kinds: ['wechat', 'wecom_kf'] },
    { icon: 'place', label: words.place, press: () => act(samples.place(words.placeLabel, words.placeAbout)), kinds: ['wechat', 'wecom_kf'] },
    { icon: 'link', label: words.link, press: () => act({ do: 'link', title: words.linkTitle, about: words.linkAbout, url: 'https://example.com/lights' }), kinds: ['wechat', 'wecom_kf'] },
    { icon: 'file', label: words.file, press: () => act(samples.file(words.fileName, words.fileText)), kinds: ['wecom_kf'] },
    { icon: 'mini', label: words.miniCard, press: () => void samples.picture('').then((one) => act({ do: 'card', title: words.miniOrder, app: 'wx0000000000000001', page: 'pages/order?id=20260718', content: one.content ?? '' })), kinds: ['wechat_mini', 'wecom_kf'] },
  ]
  return (
    <div class="more">
      {entries.filter((e) => !e.kinds || e.kinds.includes(account.kind)).map((e) => (
        <button key={e.label} type="button" onClick={e.press}><span class="tile"><Icon name={e.icon} /></span>{e.label}</button>
      ))}
      <input ref={album} type="file" accept="image/png,image/jpeg" hidden aria-hidden="true" onChange={() => void choose()} />
    </div>
  )
}
