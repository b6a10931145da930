import type { VNode } from 'preact'

const paths = {
  back: 'M15 5l-7 7 7 7',
  signal: 'M2 18h2v3H2zM7 14h2v7H7zM12 10h2v11h-2zM17 5h2v16h-2z',
  bridge: 'M2 18h20M4 18C6 9 9 6 12 6s6 3 8 12M8 18v-7M12 18V6M16 18v-7',
  voice: 'M5 9a5 5 0 010 6M9 6a10 10 0 010 12M13 3a15 15 0 010 18',
  play: 'M8 5l11 7-11 7z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  place: 'M12 21s7-6.500 7-12a7 7 0 10-14 0c0 5.500 7 12 7 12zM12 11.500a2.500 2.500 0 100-5 2.500 2.500 0 000 5z',
  link: 'M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1',
  mini: 'M9 15a3 3 0 11-3-3c2 0 3-1 3-3V8a3 3 0 116 0M15 9a3 3 0 113 3c-2 0-3 1-3 3v1a3 3 0 11-6 0',
  plus: 'M12 5v14M5 12h14',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  menu: 'M4 7h16M4 12h16M4 17h16',
  camera: 'M4 8h4l2-3h4l2 3h4v11H4zM12 16a3 3 0 100-6 3 3 0 000 6z',
  album: 'M4 4h16v16H4zM4 16l5-5 4 4 3-3 4 4',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  close: 'M6 6l12 12M18 6L6 18',
  up: 'M7 14l5-5 5 5',
}

const filled = ['signal', 'play']

export type IconName = keyof typeof paths

/** A drawing that says nothing by itself: the word stands beside it. */
export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill={filled.includes(name) ? 'currentColor' : 'none'} stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
