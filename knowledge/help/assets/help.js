// The help centre works without this script. With it, search answers while one types, a word on an article needs no new page, and the
// chat opens on the page.
;(() => {
  'use strict'
  const doc = document
  const make = (name, className, text) => {
    const element = doc.createElement(name)
    if (className) element.className = className
    if (text) element.textContent = text
    return element
  }

  /** The text with what was searched for marked. */
  const marked = (name, parts) => {
    const element = make(name)
    for (const one of parts) element.append(one.mark ? make('mark', '', one.text) : one.text)
    return element
  }

  function find(form) {
    const input = form.elements.q
    const { find: source, missed, all, none } = form.dataset
    const list = make('ul', 'found')
    list.id = 'found'
    list.setAttribute('role', 'listbox')
    list.setAttribute('aria-label', input.getAttribute('aria-label'))
    list.hidden = true
    form.append(list)
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': 'found', 'aria-expanded': 'false' })) input.setAttribute(name, value)
    const seen = new Map()
    let chosen = -1, timer = 0, asked = '', shown = '', vain = '', told = '', composing = false

    const options = () => [...list.querySelectorAll('[role=option]')]
    const open = (yes) => {
      list.hidden = !yes
      input.setAttribute('aria-expanded', String(yes))
      if (!yes) choose(-1)
    }
    function choose(n) {
      chosen = n
      options().forEach((one, i) => {
        one.setAttribute('aria-selected', String(i === n))
        if (i === n) one.scrollIntoView({ block: 'nearest' })
      })
      if (n < 0) input.removeAttribute('aria-activedescendant')
      else input.setAttribute('aria-activedescendant', `found-${n}`)
    }
    function option(link, href) {
      const li = make('li')
      li.setAttribute('role', 'option')
      li.id = `found-${options().length}`
      link.href = href
      link.tabIndex = -1
      li.append(link)
      list.append(li)
    }
    function show(typed, results) {
      list.replaceChildren()
      shown = typed
      vain = typed
      for (const one of results) {
        const link = marked('a', one.title)
        if (one.category) link.append(make('small', '', one.category))
        option(link, one.url)
      }
      if (results.length === 0) list.append(make('li', 'none', `${none} “${typed}”`))
      else option(make('a', 'all', all), `${form.action}?q=${encodeURIComponent(typed)}`)
      open(true)
      choose(-1)
    }
    async function ask() {
      const typed = input.value.trim()
      asked = typed
      if (!typed || composing) return open(false)
      if (typed === shown) return open(true)
      try {
        if (!seen.has(typed)) {
          const answer = await fetch(`${source}?q=${encodeURIComponent(typed)}`, { credentials: 'omit' })
          if (!answer.ok) return
          seen.set(typed, (await answer.json()).results)
        }
        if (asked === typed) show(typed, seen.get(typed))
      } catch {
        // Without an answer the form still leads to the page of results.
      }
    }
    /** Tells the editors, once, that what was typed led nowhere. */
    function tell() {
      if ([...vain].length < 2 || vain === told) return
      told = vain
      navigator.sendBeacon?.(missed, new URLSearchParams({ q: vain }))
    }
    input.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(ask, 90)
    })
    input.addEventListener('compositionstart', () => (composing = true))
    input.addEventListener('compositionend', () => {
      composing = false
      void ask()
    })
    input.addEventListener('focus', () => input.value.trim() && doc.activeElement === input && shown && ask())
    input.addEventListener('keydown', (event) => {
      if (event.isComposing) return
      const many = options().length
      if (event.key === 'Escape') {
        if (list.hidden) input.value = ''
        open(false)
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        if (list.hidden || many === 0) return
        const next = chosen + (event.key === 'ArrowDown' ? 1 : -1)
        choose(next >= many ? -1 : next < -1 ? many - 1 : next)
      } else if (event.key === 'Enter') {
        vain = ''
        if (chosen < 0 || list.hidden) return
        options()[chosen].querySelector('a').click()
      } else return
      event.preventDefault()
    })
    form.addEventListener('submit', () => (vain = ''))
    list.addEventListener('mousedown', (event) => event.preventDefault())
    list.addEventListener('click', () => (vain = ''))
    input.addEventListener('blur', () => {
      open(false)
      tell()
    })
    addEventListener('pagehide', tell)
    doc.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input,textarea,select,[contenteditable]')) return
      event.preventDefault()
      input.focus()
      input.select()
    })
  }

  /** Sends a word on the article and shows what came of it, in its place. */
  doc.addEventListener('submit', async (event) => {
    const form = event.target
    const place = form.closest('#feedback')
    if (!place) return
    event.preventDefault()
    const data = new URLSearchParams(new FormData(form))
    if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value)
    try {
      const answer = await fetch(form.action, { method: 'POST', body: data })
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('feedback')
      if (!answer.ok || !fresh) throw new Error('no answer')
      place.replaceChildren(...fresh.childNodes)
    } catch {
      form.submit()
    }
  })

  /** Opens the chat on the page; what it is about the chat tells by the page's title. */
  doc.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-chat]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    if (window.huiyin?.open) return window.huiyin.open()
    const words = link.textContent
    link.textContent = link.dataset.loading
    const script = make('script')
    script.src = link.dataset.script
    Object.assign(script.dataset, { inbox: link.dataset.chat, lang: link.dataset.lang, color: link.dataset.color })
    script.onload = () => {
      link.textContent = words
      window.huiyin.open()
    }
    script.onerror = () => {
      link.textContent = words
      script.remove()
      location.href = link.href
    }
    doc.head.append(script)
  })

  doc.querySelectorAll('form.search').forEach(find)
})()
