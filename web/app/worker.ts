const script = '/worker.js';
const answerCache = 'pantau-jawaban';

/** Where browsers offer a worker: on https and on localhost. */
function offersWorker(): boolean {
  return window.isSecureContext && 'serviceWorker' in navigator && 'caches' in window;
}

/** Makes the pages openable without the network, and lets this browser be pushed to. */
export async function startWorker(): Promise<void> {
  if (!offersWorker()) return;
  await navigator.serviceWorker.register(script);
  // Of an earlier version: the muster list had a worker of its own, which would answer in this one's place.
  for (const registration of await navigator.serviceWorker.getRegistrations())
    if (new URL(registration.scope).pathname !== '/') await registration.unregister();
}

/** Another person at this browser must not see what was kept for the last one. */
export async function forgetAnswers(): Promise<void> {
  if (offersWorker()) await caches.delete(answerCache);
}
