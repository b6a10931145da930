import { useEffect, useRef } from 'preact/hooks'
import type { VNode } from 'preact'
import { Blocks } from './blocks'
import type { Block, View } from './contract'
import { bytesOf } from './server'
import type { Words } from './words'

interface Props {
  view: View
  people: Map<string, string>
  words: Words
  submit: (values: Record<string, string>, file?: { action: string; name: string; data: string }) => void
  dismiss: () => void
}

function Field({ block, error, words }: { block: Block; error?: string | undefined; words: Words }): VNode {
  const one = block.element
  const id = `f-${block.block_id}`
  const name = one?.action_id ?? ''
  return (
    <div class="sfield">
      <label for={id}>{block.label?.text}</label>
      {one?.type === 'plain_text_input' && one.multiline && <textarea id={id} name={name} rows={6} maxLength={one.max_length} required={!block.optional} aria-invalid={!!error}>{one.initial_value}</textarea>}
      {one?.type === 'plain_text_input' && !one.multiline && <input id={id} name={name} maxLength={one.max_length} defaultValue={one.initial_value} required={!block.optional} aria-invalid={!!error} autocomplete="off" />}
      {one?.type === 'static_select' && <select id={id} name={name} required={!block.optional} aria-invalid={!!error}><option value="">{words.choose}</option>{one.options?.map((o) => <option key={o.value} value={o.value}>{o.text.text}</option>)}</select>}
      {one?.type === 'file_input' && <input id={id} name={name} type="file" />}
      {error && <p class="swrong" role="alert">{error}</p>}
    </div>
  )
}

/** A dialog of the app. */
export function Dialog({ view, people, words, submit, dismiss }: Props): VNode {
  const place = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = place.current
    if (dialog && !dialog.open) dialog.showModal()
    dialog?.querySelector<HTMLElement>('textarea, input, select')?.focus()
  }, [view.id])
  const take = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const values: Record<string, string> = {}
    let file: { action: string; name: string; data: string } | undefined
    for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement)) {
      if (typeof value === 'string') { if (value) values[name] = value } else if (value.size > 0) file = { action: name, name: value.name, data: await bytesOf(value) }
    }
    submit(values, file)
  }
  return (
    <dialog ref={place} class="sdialog" onCancel={(event) => { event.preventDefault(); dismiss() }} aria-labelledby="dialog-title">
      <form onSubmit={(event) => void take(event as unknown as SubmitEvent)}>
        <h2 id="dialog-title">{view.title?.text}</h2>
        {view.blocks?.map((block, i) => block.type === 'input' ? <Field key={block.block_id ?? i} block={block} error={view.errors?.[block.block_id ?? '']} words={words} /> : <Blocks key={i} blocks={[block]} people={people} press={() => undefined} />)}
        <div class="sfoot"><button type="button" class="sbutton" onClick={dismiss}>{view.close?.text ?? words.close}</button>{view.submit && <button type="submit" class="sbutton primary">{view.submit.text}</button>}</div>
      </form>
    </dialog>
  )
}
