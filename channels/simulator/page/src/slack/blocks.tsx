import type { VNode } from 'preact'
import type { Block, Element } from './contract'
import { Mrkdwn } from './mrkdwn'

interface Props {
  blocks: Block[]
  people: Map<string, string>
  press: (element: Element) => void
}

function label(element: Element): string {
  return typeof element.text === 'string' ? element.text : (element.text?.text ?? '')
}

function Action({ element, press }: { element: Element; press: (element: Element) => void }): VNode {
  if (element.url) return <a class="sbutton" href={element.url} target="_blank" rel="noreferrer">{label(element)}</a>
  return <button type="button" class={`sbutton ${element.style ?? ''}`} onClick={() => press(element)}>{label(element)}</button>
}

/** Block Kit's blocks of messages and homes. */
export function Blocks({ blocks, people, press }: Props): VNode {
  return <>{blocks.map((block, i) => {
    switch (block.type) {
      case 'header': return <h3 key={i} class="sheader">{block.text?.text}</h3>
      case 'section': return <p key={i} class="ssection"><Mrkdwn text={block.text?.text ?? ''} people={people} /></p>
      case 'context': return <p key={i} class="scontext">{block.elements?.map((one, n) => <Mrkdwn key={n} text={label(one)} people={people} />)}</p>
      case 'divider': return <hr key={i} />
      case 'actions': return <div key={i} class="sactions">{block.elements?.map((one, n) => <Action key={one.action_id ?? n} element={one} press={press} />)}</div>
      default: return null
    }
  })}</>
}
