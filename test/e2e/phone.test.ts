import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../server/support/server.ts';
import { peer } from '../support/peers.ts';
import { startPages } from './support/page-server.ts';
import { launch, password, signIn } from './support/sign-in.ts';
import { fillIncidents } from '../../bench/screens/incidents.ts';

let server: TestServer;
let browser: Browser | undefined;
beforeAll(async () => {
  server = await startPages(
    { name: 'ana', role: 'operator' },
    { prepare: (db) => fillIncidents(db, 3, Date.now()) },
  );
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

test('a phone without network opens the incident with its age, keeps a note that it cannot send, and sends it once connected', async (context) => {
  browser = await launch(peer(context, 'chromium'));
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await phone.newPage();
  const place = '/gangguan/banyak-0001';
  await signIn(page, { url: server.url, user: 'ana', password, place });
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  expect(await page.evaluate(`fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json()).then(({ display, icons }) => display + ' ' + icons.length)`)).toBe('standalone 3');

  // What is kept is what was asked for since the worker has the page.
  await page.waitForFunction('navigator.serviceWorker.controller !== null');
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(`caches.open('pantau-jawaban').then((cache) => cache.keys()).then((kept) => ['/session', '/sites/drc', '/incidents/banyak-0001'].every((end) => kept.some(({ url }) => url.endsWith(end))))`);
  await phone.setOffline(true);
  await page.reload();
  // The heading is the page's name until the kept answer is read.
  await page.getByRole('heading', { level: 1, name: 'R-1' }).waitFor();
  await expect.poll(() => page.locator('[data-testid=kept], [data-testid=connection-lost]').first().textContent()).toMatch(/\d\d\.\d\d.*lalu/);

  await page.locator('textarea').first().fill('Katup ditutup, menunggu teknisi.');
  await page.getByRole('button', { name: 'Simpan catatan' }).click();
  await expect.poll(() => page.getByTestId('waiting-notes').textContent()).toContain('Belum terkirim');
  await expect.poll(() => page.locator('textarea').first().inputValue()).toBe('');

  await phone.setOffline(false);
  await page.getByTestId('waiting-notes').waitFor({ state: 'detached' });
  const { json } = await server.api('/incidents/banyak-0001', { role: 'viewer' });
  expect(JSON.stringify(json)).toContain('Katup ditutup, menunggu teknisi. (ditulis');
  await phone.close();
}); // prettier-ignore
