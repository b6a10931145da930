import { useEffect, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { texts, type Account, type Act, type Allowance, type Mode, type Order } from './contract'
import { left } from './time'
import { useWords, type Words } from './words'

interface Props {
  account: Account
  now: string
  order: (order: Order) => void
  act: (act: Act) => void
}

/** What stands beside a phone: how much may still be sent to it, and the provider's side of things. */
export function Controls({ account, now, order, act }: Props): VNode {
  const words = useWords()
  return (
    <div class="controls">
      {texts(account) ? <p class="budget">{words.signature} <b>{account.sign}</b> · {words.template} <b>{Object.keys(account.templates ?? {}).join(', ')}</b></p> : <Budget allowances={account.allowances} now={now} />}
      <details>
        <summary>{texts(account) ? words.cloud : words.platform}</summary>
        <div class="knobs">
          {!texts(account) && account.kind !== 'wecom_kf' && <ModeChoice account={account} order={order} />}
          <Health account={account} order={order} />
          <label class="check"><input type="checkbox" checked={account.twice} onChange={(event) => order({ do: 'twice', on: event.currentTarget.checked })} /> {words.twice}</label>
          <div class="row">
            {texts(account)
              ? <button type="button" onClick={() => order({ do: 'away' })}>{words.away}</button>
              : <>
                  <button type="button" onClick={() => order({ do: 'expire' })}>{words.expire}</button>
                  <button type="button" onClick={() => order({ do: 'revoke' })}>{words.revoke}</button>
                </>}
            <button type="button" onClick={() => order({ do: 'repeat' })}>{words.again}</button>
            {!texts(account) && account.kind !== 'wecom_kf' && Object.keys(account.templates ?? {}).map((id) => <button key={id} type="button" onClick={() => act({ do: 'allow', key: id })}>{words.allow}</button>)}
          </div>
          {account.kind === 'wecom_kf' && <Desk account={account} order={order} />}
        </div>
      </details>
    </div>
  )
}

function ModeChoice({ account, order }: { account: Account; order: (order: Order) => void }): VNode {
  const words = useWords()
  return (
    <label>{words.mode}
      <select value={account.mode} onChange={(event) => order({ do: 'mode', mode: event.currentTarget.value as Mode })}>
        {(['plain', 'compatible', 'safe'] as const).map((mode) => <option key={mode} value={mode}>{words.modes[mode]}{account.json ? ' · JSON' : ' · XML'}</option>)}
      </select>
    </label>
  )
}

type Ill = keyof Words['healths']

/** What is broken for each word, in calls that send. */
const ills: Record<Exclude<Ill, 'fine'>, NonNullable<Order['fault']>> = {
  slow: { do: 'slow', path: '/send' },
  busy: { do: 'code', path: '/send', code: -1, text: 'system error' },
  rate: { do: 'code', path: '/send', code: 45011, text: 'api minute-quota reach limit must slower retry next minute' },
  cut: { do: 'cut', path: '/send' },
  html: { do: 'html', path: '/send' },
}

/** The same of the clouds: each refuses in words of its own. */
const busy: Record<'sms_aliyun' | 'sms_tencent' | 'sms_twilio', [string, string, number]> = {
  sms_aliyun: ['isp.SYSTEM_ERROR', 'isv.BUSINESS_LIMIT_CONTROL', 200],
  sms_tencent: ['InternalError.Timeout', 'LimitExceeded.PhoneNumberThirtySecondLimit', 200],
  sms_twilio: ['20500', '20429', 429],
}

function fault(account: Account, ill: Exclude<Ill, 'fine'>): NonNullable<Order['fault']> {
  const words = busy[account.kind as keyof typeof busy]
  const plain = ills[ill]
  if (!words) return plain
  if (plain.do !== 'code') return { do: plain.do, path: '' }
  return { do: 'code', path: '', code: words[2], text: ill === 'rate' ? words[1] : words[0] }
}

function Health({ account, order }: { account: Account; order: (order: Order) => void }): VNode {
  const words = useWords()
  const [chosen, setChosen] = useState<Ill>('fine')
  const found = account.faults[0] === 'code' ? 'busy' : ((account.faults[0] ?? 'fine') as Ill)
  const shown = found === 'fine' || chosen === 'fine' ? found : chosen
  const choose = (ill: Ill): void => {
    setChosen(ill)
    order(ill === 'fine' ? { do: 'mend' } : { do: 'break', fault: fault(account, ill) })
  }
  return (
    <label>{words.health}
      <select value={shown} onChange={(event) => choose(event.currentTarget.value as Ill)}>
        {(Object.keys(words.healths) as Ill[]).map((ill) => <option key={ill} value={ill}>{(texts(account) ? words.cloudHealths : words.healths)[ill]}</option>)}
      </select>
    </label>
  )
}

/** The people in the WeCom app, who can take a customer over. */
function Desk({ account, order }: { account: Account; order: (order: Order) => void }): VNode {
  const words = useWords()
  const [text, setText] = useState('')
  const speak = (event: Event): void => {
    event.preventDefault()
    if (text.trim()) order({ do: 'speak', text: text.trim() })
    setText('')
  }
  return (
    <div class="wecom">
      <p>{words.state}: <b>{words.states[account.state] ?? account.state}</b>{account.servicer && ` · ${account.servicer}`}</p>
      <div class="row">
        {account.state !== 4 && account.servicers?.filter((who) => who !== account.servicer).map((who) => <button key={who} type="button" onClick={() => order({ do: 'takeover', text: who })}>{words.takeover(who)}</button>)}
        {account.state === 3 && <button type="button" onClick={() => order({ do: 'end' })}>{words.end}</button>}
        <button type="button" onClick={() => order({ do: 'refuse' })}>{words.refuse}</button>
      </div>
      {account.state === 3 && (
        <form class="row" onSubmit={speak}>
          <input value={text} aria-label={words.speak} placeholder={words.speakHint} onInput={(event) => setText(event.currentTarget.value)} />
          <button type="submit" disabled={!text.trim()}>{words.send}</button>
        </form>
      )}
    </div>
  )
}

/** How much may still be sent, counted down. */
export function Budget({ allowances, now }: { allowances: Allowance[]; now: string }): VNode {
  const words = useWords()
  const passed = useSeconds(now)
  const open = allowances
    .map((a) => ({ ...a, seconds: (Date.parse(a.until) - Date.parse(now)) / 1000 - passed }))
    .filter((a) => a.seconds > 0)
  if (open.every((a) => a.left === 0)) return <p class="budget none">{words.noBudget}</p>
  return (
    <p class="budget">
      {words.budget}
      {open.map((a) => (
        <span key={a.name} class={a.left === 0 ? 'grant used' : 'grant'}>
          {words.grants[a.name as keyof Words['grants']] ?? a.name} <b>{words.ofLeft(a.left, a.total)}</b> <i>{left(a.seconds, words)}</i>
        </span>
      ))}
    </p>
  )
}

/** How many seconds have passed since the server spoke last. */
function useSeconds(since: string): number {
  const [passed, setPassed] = useState(0)
  useEffect(() => {
    const began = Date.now()
    setPassed(0)
    const timer = setInterval(() => setPassed((Date.now() - began) / 1000), 1000)
    return () => clearInterval(timer)
  }, [since])
  return passed
}
