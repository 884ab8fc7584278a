// Shows pages that are pushed to this browser, whether or not a page of ours is open.

/** What the server sends (server/notify/push.ts); a push that cannot be read is shown all the same, or the browser shows its own text. */
function read(data) {
  try {
    return data === null ? {} : data.json();
  } catch {
    return {};
  }
}

self.addEventListener('push', (event) => {
  const page = read(event.data);
  const shown = self.registration.showNotification(page.title ?? 'Pantau DC', {
    body: page.body ?? '',
    lang: page.lang ?? 'id',
    // One storm is one notification: an update replaces it, and sounds again only when it brings something new.
    tag: page.tag ?? 'pantau',
    renotify: page.renotify ?? true,
    requireInteraction: page.urgent ?? false,
    data: { url: page.url ?? '/gangguan' },
  });
  event.waitUntil(shown);
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.url ?? '/gangguan', self.location.origin);
  // Links carry the public address; this worker may be reached by another name of the same server.
  event.waitUntil(self.clients.openWindow(`${address.pathname}${address.search}`));
});

// The browser has changed the subscription by itself: the server must know the new one, or pages end here unnoticed.
self.addEventListener('pushsubscriptionchange', (event) => {
  const renew = async () => {
    const key = event.oldSubscription?.options.applicationServerKey;
    const subscription =
      event.newSubscription ??
      (key === undefined || key === null
        ? null
        : await self.registration.pushManager.subscribe({
            userVisibleOnly: true,
            applicationServerKey: key,
          }));
    if (subscription === null) return;
    await fetch('/api/v1/push/browsers', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...subscription.toJSON(),
        device: self.navigator.userAgent.slice(0, 200) || 'browser',
      }),
    });
  };
  event.waitUntil(renew());
});
