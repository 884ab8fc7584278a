// Lets the muster list be opened without the network. It answers for that page alone (its scope); the files it needs are put into the
// cache by the page itself (web/presence/offline.ts). The network comes first, so a new version is never held back.

const cacheName = 'pantau-kumpul';
const page = '/kehadiran/kumpul';
/** A network that swallows requests must not keep the list from being shown; ms. */
const patienceMs = 4_000;

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = request.mode === 'navigate';
  const isFile = url.origin === self.location.origin && url.pathname.startsWith('/assets/');
  if (request.method !== 'GET' || !(isPage || isFile)) return;
  event.respondWith(answer(request, isPage ? page : url.pathname));
});

async function answer(request, key) {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(patienceMs) });
    if (response.ok) await cache.put(key, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept === undefined) throw error;
    return kept;
  }
}
