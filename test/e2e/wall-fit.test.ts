import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wallBundle } from '../../bench/screens/bundle.ts';
import type { TestServer } from '../server/support/server.ts';
import { peer } from '../support/peers.ts';
import { cutTexts, settled } from './support/cut.ts';
import { long, openIncidents } from './support/many-incidents.ts';
import { startPages, webFolder } from './support/page-server.ts';
import { launch, password, signIn } from './support/sign-in.ts';

let server: TestServer;
let browser: Browser | undefined;
beforeAll(async () => {
  server = await startPages({ name: 'dinding', role: 'wall' });
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

test('a wall is never too high, never too wide and cuts nothing, whatever happens and however long the names are', async (context) => {
  browser = await launch(peer(context, 'chromium'));
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' });
  let count = 0;
  let name: string | undefined;
  // The server's answers, with as many incidents and as long names as there may be.
  await page.route('**/api/v1/incidents?state=open*', (route) =>
    route.fulfill({ json: { items: openIncidents(count), next: null } }),
  );
  await page.route(/\/api\/v1\/(sites\/[\w-]+|shifts\/now)$/, async (route) => {
    if (name === undefined) return route.continue();
    const answer = await route.fetch();
    const text = (await answer.text())
      .replace(/"name":"(DC|Smart DC|DRC)"/, `"name":"${name}"`)
      .replace(/"building":"[^"]*"/, `"building":"${name}"`)
      .replace(/"(person|team)":("[^"]*"|null)/g, `"$1":"${name}"`);
    return route.fulfill({ response: answer, body: text });
  });
  await signIn(page, { url: server.url, user: 'dinding', password });
  const wrong: string[] = [];
  const situations = [
    { path: '/', counts: [0, 7, 10, 100] },
    { path: '/?tampil=dc', counts: [0, 10] },
    { path: '/', counts: [0, 10], name: long },
  ];
  for (const situation of situations) {
    name = situation.name;
    for (count of situation.counts) {
      await page.goto(server.url + situation.path);
      await page.getByTestId('calm').waitFor();
      await page.locator(count > 0 ? '[data-testid=incidents]' : '.foot-none').waitFor();
      for (const [width, height] of [[1920, 1080], [3840, 2160]] as const) {
        await page.setViewportSize({ width, height });
        await page.evaluate('document.fonts.ready');
        const found = await settled(page, cutTexts);
        const where = `${situation.path}${name === undefined ? '' : ' long names'}, ${count} incidents, ${width}`;
        wrong.push(...found.map((one) => `${where}: ${one}`));
        if (process.env['PANTAU_PICTURES'] !== undefined)
          await page.screenshot({ path: `${process.env['PANTAU_PICTURES']}/${where.replace(/\W+/g, '-')}.png` });
      }
    }
  }
  expect(wrong).toEqual([]);
}); // prettier-ignore

test('the first files of the wall are small', () => {
  expect(wallBundle(webFolder)).toBeLessThan(250_000);
});
