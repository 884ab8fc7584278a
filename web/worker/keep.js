// Keeps the pages' files and the last answers, so that a phone on a bad network still shows what was known, with its age.

/** Scripts, styles, letters and the page, as the build lists them. */
const files = self.builtFiles;
const fileCache = 'pantau-berkas';
/** Also named in web/app/worker.ts, which empties it when somebody signs in or out. */
const answerCache = 'pantau-jawaban';
const page = '/index.html';
/** A network that swallows requests must not hide what is kept; ms. */
const patienceMs = 4_000;
/** What an engineer needs first. What is not kept fails without a network, and says so. */
const keptAnswers =
  /^\/api\/v1\/(session|health|sites(\/[\w-]+)?|incidents(\/[\w-]+)?|shifts\/now|load-test-calendar|alarm-counts)$/;

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
  void self.skipWaiting();
});
self.addEventListener('activate', (event) => event.waitUntil(clear().then(() => self.clients.claim())));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (!pathname.startsWith('/api/')) event.respondWith(freshPage(request));
  } else if (pathname.startsWith('/assets/')) event.respondWith(keptFile(request, pathname));
  else if (keptAnswers.test(pathname)) event.respondWith(freshAnswer(request));
});

async function fill() {
  const cache = await caches.open(fileCache);
  await Promise.all(
    files.map(async ({ url, revision }) => {
      const path = `/${url}`;
      // A name with a hash in it never changes its content.
      if (revision === null && (await cache.match(path)) !== undefined) return;
      await cache.add(new Request(path, { cache: 'reload' }));
    }),
  );
}

async function clear() {
  for (const name of await caches.keys())
    if (name !== fileCache && name !== answerCache) await caches.delete(name);
  const cache = await caches.open(fileCache);
  const wanted = new Set(files.map(({ url }) => `/${url}`));
  for (const { url } of await cache.keys()) if (!wanted.has(new URL(url).pathname)) await cache.delete(url);
}

/** The network first, so that a new version is never held back. */
async function freshPage(request) {
  const cache = await caches.open(fileCache);
  return fresh(
    () => fetch(request),
    () => cache.match(page),
  );
}

async function keptFile(request, path) {
  const cache = await caches.open(fileCache);
  return (await cache.match(path)) ?? fetch(request);
}

async function freshAnswer(request) {
  const cache = await caches.open(answerCache);
  const get = async () => {
    const response = await fetch(request);
    if (response.ok) await cache.put(request.url, dated(response.clone()));
    // Whoever is signed out here no longer sees what was kept for him.
    if (response.status === 401) await caches.delete(answerCache);
    return response;
  };
  return fresh(get, () => cache.match(request.url));
}

/** A kept answer carries when it was given: the page shows it as old. */
function dated(response) {
  const headers = new Headers(response.headers);
  headers.set('x-pantau-kept', new Date().toISOString());
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** What the network gives, or what is kept when it fails or takes too long; it is waited for when nothing is kept. */
async function fresh(get, kept) {
  const answer = get();
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  try {
    const first = await Promise.race([answer, late]);
    if (first !== undefined) return first;
  } catch (error) {
    const old = await kept();
    if (old !== undefined) return old;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  // It goes on in the background, and is kept when it comes.
  answer.catch(() => undefined);
  return (await kept()) ?? answer;
}
