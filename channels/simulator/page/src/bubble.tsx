import type { ComponentChildren, VNode } from 'preact'
import type { Account, Act, Choice, Line } from './contract'
import { Icon } from './icons'
import { rich, safe } from './rich'
import { useWords, type Words } from './words'

interface Props {
  account: Account
  line: Line
  act: (act: Act) => void
}

/** One line of the screen, as the app shows it. */
export function Bubble({ account, line, act }: Props): VNode {
  const words = useWords()
  if (line.from === 'system') return <p class="system">{announced(line, words)}</p>
  const mine = line.from === 'customer'
  const origin = line.kind === 'sms' && mine && (line.parts ?? 1) > 1 ? words.parts(line.parts ?? 1) : how(line, words)
  return (
    <div class={mine ? 'line mine' : 'line theirs'}>
      <span class={mine ? 'face me' : 'face'} aria-hidden="true">{mine ? words.you.slice(0, 1) : <Icon name="bridge" />}</span>
      <div class="said">
        <span class="hide">{mine ? words.you : account.name}: </span>
        <Content line={line} act={act} />
        {origin && <span class="how">{origin}</span>}
      </div>
    </div>
  )
}

/** What the app itself says. */
export function announced(line: Line, words: Words): string {
  const say = words.system[line.kind as keyof Words['system']]
  if (typeof say === 'function') return say(line.text ?? '')
  return say ?? line.kind
}

/** By which way of the protocol a message came. */
function how(line: Line, words: Words): string {
  switch (line.how) {
    case 'passive': return words.passive
    case 'sms': return `${words.parts(line.parts ?? 1)} · ${line.encoding ?? ''} · ${line.state === 'delivered' ? words.delivered : words.underway}`
    case 'custom': return words.custom
    case 'notice': return words.notice
    case 'event': return words.event
    case 'servicer': return words.servicer(line.who ?? '')
    default: return ''
  }
}

function Content({ line, act }: { line: Line; act: (act: Act) => void }): VNode {
  const words = useWords()
  const media = line.media ? `api/picture/${line.media}` : ''
  switch (line.kind) {
    case 'image':
      return <a class="picture" href={media} target="_blank" rel="noopener"><img src={media} alt={words.image} loading="lazy" /></a>
    case 'voice':
      return <a class="bubble voice" href={media} target="_blank" rel="noopener"><Icon name="voice" /> {words.playVoice(line.text ?? '')}</a>
    case 'video':
    case 'shortvideo':
      return <a class="bubble voice" href={media} target="_blank" rel="noopener"><Icon name="play" /> {line.title || words.video}</a>
    case 'file':
      return <Card title={line.text ?? words.file} url={media} foot={words.file} icon="file" />
    case 'location':
      return <Card title={line.text ?? ''} about={line.description ?? `${line.lat}, ${line.lng}`} icon="place" />
    case 'link':
    case 'news':
      return <Card title={line.title ?? ''} about={line.description ?? ''} url={line.url ?? ''} picture={line.picture || media} icon="link" />
    case 'miniprogrampage':
    case 'miniprogram':
      return <Card title={line.title ?? ''} about={line.page ?? ''} picture={media} foot={words.miniCard} icon="mini" />
    case 'notice':
      return <Notice line={line} />
    case 'msgmenu':
      return <Menu line={line} act={act} />
    default:
      // A text may hold links that press as a menu message does.
      if (line.choices?.length) return <Menu line={line} act={act} />
      return <div class="bubble">{rich(line.text ?? '')}</div>
  }
}

interface CardProps {
  title: string
  about?: string
  url?: string
  picture?: string
  foot?: string
  icon: 'file' | 'place' | 'link' | 'mini'
}

function Card({ title, about, url, picture, foot, icon }: CardProps): VNode {
  const inside: ComponentChildren = (
    <>
      <b>{title}</b>
      <span class="about">
        <span>{about}</span>
        {picture ? <img src={picture} alt="" loading="lazy" /> : <Icon name={icon} />}
      </span>
      {foot && <small>{foot}</small>}
    </>
  )
  const opens = url && (safe(url) || url.startsWith('api/'))
  return opens ? <a class="card" href={url} target="_blank" rel="noopener noreferrer">{inside}</a> : <div class="card">{inside}</div>
}

function Notice({ line }: { line: Line }): VNode {
  const words = useWords()
  return (
    <div class="card notice">
      <b>{line.title}</b>
      <dl>{line.rows?.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      {line.url && safe(line.url) ? <a href={line.url} target="_blank" rel="noopener noreferrer">{words.details}</a> : <small>{words.details}</small>}
    </div>
  )
}

function Menu({ line, act }: { line: Line; act: (act: Act) => void }): VNode {
  return (
    <div class="bubble menu">
      {line.text && <p>{rich(line.text)}</p>}
      <ul>{line.choices?.map((choice) => <li key={`${choice.kind}${choice.id}${choice.text}`}><Entry choice={choice} press={() => act({ do: 'choose', line: line.n, key: choice.id ?? '' })} /></li>)}</ul>
      {line.tail && <p>{rich(line.tail)}</p>}
    </div>
  )
}

function Entry({ choice, press }: { choice: Choice; press: () => void }): VNode {
  if (choice.kind === 'click') return <button type="button" onClick={press}>{choice.text}</button>
  if (choice.kind === 'view' && choice.url && safe(choice.url)) return <a href={choice.url} target="_blank" rel="noopener noreferrer">{choice.text}</a>
  return <span>{choice.text}</span>
}
