// The console as an app: keeps the shell (the page and its hashed files) so that it opens at once, and nothing else. What
// comes from the API is never kept: it is about customers. BUILD and SHELL are written in when the console is built.
const cacheName = 'huiyin-shell-BUILD'
const shell = ['SHELL']

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(shell)))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith('huiyin-shell-') && name !== cacheName).map((name) => caches.delete(name)))).then(() => self.clients.claim()))
})

self.addEventListener('message', (event) => {
  if (event.data === 'update') self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const request = event.request
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith('/console/')) return
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match('/console/', { cacheName })))
    return
  }
  if (!url.pathname.startsWith('/console/assets/')) return
  event.respondWith(caches.match(request, { cacheName }).then((kept) => kept ?? fetch(request).then((answer) => {
    const copy = answer.clone()
    if (answer.ok) caches.open(cacheName).then((cache) => cache.put(request, copy)).catch(() => undefined)
    return answer
  })))
})
