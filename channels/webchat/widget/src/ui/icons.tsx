const paths = {
  send: 'M4.5 12l-1.2-7.2c-.1-.5.4-.9.8-.7l16 7.3c.5.2.5 1 0 1.2l-16 7.3c-.4.2-.9-.2-.8-.7L4.500 12zm0 0h8',
  clip: 'M19.500 11.500l-7.800 7.800a5 5 0 01-7.100-7.100l8.500-8.500a3.300 3.300 0 014.700 4.700l-8.500 8.500a1.700 1.700 0 01-2.400-2.400l7.100-7.100',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M12 5v13M6.500 12.500L12 18l5.500-5.500',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4.500 20.500c.6-3.800 3.600-6 7.500-6s6.900 2.200 7.500 6',
  up: 'M7 11v9H4v-9zm0 0l4-7.500c1.500 0 2.300 1 2 2.500L12.300 10H18c1.500 0 2.300 1.200 2 2.500l-1.400 6c-.2 1-1 1.500-2 1.500H7',
  thumbDown: 'M17 13V4h3v9zm0 0l-4 7.500c-1.500 0-2.300-1-2-2.500l.7-4H6c-1.500 0-2.300-1.200-2-2.500l1.400-6C5.600 4.500 6.400 4 7.400 4H17',
  file: 'M14 3H7a1.500 1.500 0 00-1.500 1.500v15A1.500 1.500 0 007 21h10a1.500 1.500 0 001.500-1.500V7.500L14 3zm0 0v4.500h4.500',
  alert: 'M12 8v5m0 3v.01M12 21a9 9 0 110-18 9 9 0 010 18z',
  check: 'M5 12.500l4.500 4.500L19 7.500',
} as const

/** One icon of the widget's set. It says nothing to a screen reader: the button around it has the name. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
