/** Shows the number of unread messages before the page's title while the page is not looked at, and takes it off again. */
export function titleHint(page: Document): (unread: number) => void {
  let shown = ''
  let unread = 0
  const show = (): void => {
    const own = shown && page.title.startsWith(shown) ? page.title.slice(shown.length) : page.title
    shown = unread > 0 && page.visibilityState === 'hidden' ? `(${unread > 99 ? '99+' : unread}) ` : ''
    if (page.title !== shown + own) page.title = shown + own
  }
  page.addEventListener('visibilitychange', show)
  return (n) => {
    if (n === unread) return
    unread = n
    show()
  }
}
