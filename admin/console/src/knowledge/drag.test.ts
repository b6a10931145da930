// @vitest-environment happy-dom
import { effectScope, ref } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { dropAt, useLineDrag, type DropTarget } from './drag'

describe('where a line is dropped', () => {
  it.each([[0, 'before'], [.2, 'before'], [.3, 'into'], [.7, 'into'], [.8, 'after'], [1, 'after']] as const)('%s of its height', (share, where) => {
    expect(dropAt(share)).toBe(where)
  })
})

describe('dragging lines', () => {
  const dropped = vi.fn<(path: string, to: DropTarget) => void>()
  const clicked = vi.fn()
  const scope = effectScope()
  const height = 20

  /** Three lines one below the other, b does not take c. */
  function list() {
    const nav = document.createElement('nav')
    const lines = ['a', 'b', 'c'].map((path, at) => {
      const line = document.createElement('button')
      line.dataset.path = path
      line.getBoundingClientRect = () => new DOMRect(0, at * height, 100, height)
      nav.append(line)
      return line
    })
    nav.getBoundingClientRect = () => new DOMRect(0, -100, 100, 300)
    document.body.append(nav)
    document.elementFromPoint = (_x, y) => lines[Math.floor(y / height)] ?? null
    const drag = scope.run(() => useLineDrag(ref(nav), (path, to) => path !== to.path && !(path === 'c' && to.path === 'b'), dropped))!
    lines.forEach((line) => {
      line.addEventListener('pointerdown', (event) => drag.press(event as PointerEvent, line.dataset.path!))
      line.addEventListener('click', clicked)
    })
    const at = (type: string, y: number, on: EventTarget = window, more: PointerEventInit = {}) => on.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: 5, clientY: y, pointerId: 1, pointerType: 'mouse', ...more }))
    return { drag, lines, at }
  }

  afterEach(() => { document.body.replaceChildren(); dropped.mockReset(); clicked.mockReset() })

  it('drops where the pointer is, and that is no click', () => {
    const { drag, lines, at } = list()
    at('pointerdown', 5, lines[0])
    at('pointermove', 50)
    expect([drag.dragged.value, drag.target.value]).toEqual(['a', { path: 'c', where: 'into' }])
    at('pointerup', 58)
    lines[2]!.click()
    expect(dropped.mock.calls).toEqual([['a', { path: 'c', where: 'after' }]])
    expect(clicked).not.toHaveBeenCalled()
    expect([drag.dragged.value, drag.target.value]).toEqual(['', null])
  })

  it.each([
    ['a press that hardly moves is a click', (at: ReturnType<typeof list>['at'], on: HTMLElement) => { at('pointerdown', 5, on); at('pointermove', 8); at('pointerup', 8) }],
    ['a finger scrolls', (at: ReturnType<typeof list>['at'], on: HTMLElement) => { at('pointerdown', 5, on, { pointerType: 'touch' }); at('pointermove', 50); at('pointerup', 50) }],
    ['the other button drags nothing', (at: ReturnType<typeof list>['at'], on: HTMLElement) => { at('pointerdown', 5, on, { button: 2 }); at('pointermove', 50); at('pointerup', 50) }],
    ['outside of the list is nowhere', (at: ReturnType<typeof list>['at'], on: HTMLElement) => { at('pointerdown', 5, on); at('pointermove', 50); at('pointerup', 500) }],
    ['Escape gives up', (at: ReturnType<typeof list>['at'], on: HTMLElement) => { at('pointerdown', 5, on); at('pointermove', 50); dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })); at('pointermove', 55); at('pointerup', 55) }],
  ])('%s', (_name, act) => {
    const { lines, at } = list()
    act(at, lines[0]!)
    expect(dropped).not.toHaveBeenCalled()
  })

  it('shows no place where nothing may go', () => {
    const { drag, lines, at } = list()
    at('pointerdown', 50, lines[2])
    at('pointermove', 30)
    expect([drag.dragged.value, drag.target.value]).toEqual(['c', null])
    at('pointerup', 30)
    expect(dropped).not.toHaveBeenCalled()
  })
})
