const worker = '/muster-worker.js';
const musterPath = '/kehadiran/kumpul';
const cacheName = 'pantau-kumpul';

/**
 * Makes the muster page openable without the network: its own worker answers for its address alone, from what is put into
 * the browser's cache here. Browsers offer that on https and on localhost only; elsewhere an open page still keeps its list.
 */
export async function keepPageOffline(): Promise<void> {
  if (!window.isSecureContext || !('serviceWorker' in navigator) || !('caches' in window)) return;
  await navigator.serviceWorker.register(worker, { scope: musterPath });
  const cache = await caches.open(cacheName);
  await Promise.all(
    [musterPath, ...ownFiles()].map(async (address) => {
      const response = await fetch(address);
      if (response.ok) await cache.put(address, response);
    }),
  );
}

/** Scripts, styles and fonts that this page was made of. The browser's list of what was fetched is bounded, so the document's own links count too. */
function ownFiles(): string[] {
  const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
  const linked = [...document.querySelectorAll('script[src], link[rel="stylesheet"], link[rel="modulepreload"]')].map(
    (element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '',
  );
  const paths = [import.meta.url, ...fetched, ...linked].flatMap((address) => {
    const url = new URL(address, window.location.origin);
    return url.origin === window.location.origin && url.pathname.startsWith('/assets/') ? [url.pathname] : [];
  });
  return [...new Set(paths)];
} // prettier-ignore
