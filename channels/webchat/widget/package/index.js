// Loads a hub's widget.js and hands out its API. The widget itself comes from the hub, so that it is as new as the hub.

/** Hubs whose script was asked for, by address. */
const loading = new Map()

/**
 * Puts the chat on the page and resolves once its script is there; calling it again starts it anew where it was stopped.
 * @param {import('./index.js').ChatOptions} options
 * @returns {Promise<import('./index.js').Chat>}
 */
export function loadChat(options) {
  const { nonce, ...start } = options
  const base = new URL(start.base).href.replace(/\/*$/, '/')
  if (!loading.has(base)) {
    loading.set(
      base,
      fetchScript(`${base}widget.js`, nonce).catch((error) => {
        loading.delete(base)
        throw error
      }),
    )
  }
  return loading.get(base).then((chat) => {
    chat.start({ ...start, base })
    return chat
  })
}

function fetchScript(src, nonce) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = src
    script.async = true
    script.dataset.manual = ''
    if (nonce) script.nonce = nonce
    script.onload = () => (window.huiyin && 'start' in window.huiyin ? resolve(window.huiyin) : reject(new Error(`${src} is no chat`)))
    script.onerror = () => {
      script.remove()
      reject(new Error(`${src} could not be loaded`))
    }
    document.head.append(script)
  })
}
