import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Point } from '../../config/model.ts';
import { good, type Reading } from '../../core/reading.ts';
import { stateCode, type TestServer } from '../server/support/server.ts';
import { peer } from '../support/peers.ts';
import { cutTexts, settled } from './support/cut.ts';
import { openIncidents } from './support/many-incidents.ts';
import { startPages } from './support/page-server.ts';
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

/** What the elements of every diagram report at once: the widest words, and loads of four digits with minutes of three. */
interface Situation {
  readonly volts: number;
  readonly position: string;
  readonly source: string;
  readonly engine: string;
}
const situations: Readonly<Record<string, Situation>> = {
  'on gensets': { volts: 0, position: 'source-2', source: 'normal', engine: 'running' },
  'on battery': { volts: 0, position: 'off', source: 'battery', engine: 'running' },
  'on bypass': { volts: 0, position: 'source-2', source: 'bypass', engine: 'running' },
};

function readings({ volts, position, source, engine }: Situation, at: number): Reading[] {
  const value = (point: Point): number | undefined => {
    switch (point.quantity) {
      case 'voltage':
        return volts;
      case 'position':
        return stateCode(point, position);
      case 'output-source':
        return stateCode(point, source);
      case 'engine-state':
        return stateCode(point, engine);
      case 'output-power':
        // Of a phase where there is one; the whole is the sum.
        return point.part === undefined ? 594.4 : 594.4 / 3;
      case 'autonomy':
        return 120 * 60;
      default:
        return undefined;
    }
  };
  const kinds = new Set(['ups', 'ats', 'genset', 'meter']);
  return server.model.points.flatMap((point) => {
    const reading = point.kind !== undefined && kinds.has(point.kind) ? value(point) : undefined;
    return reading === undefined ? [] : [{ point: point.index, at, value: reading, quality: good }];
  });
}

test('a one-line diagram stays within its card whatever its elements say', async (context) => {
  browser = await launch(peer(context, 'chromium'));
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' });
  await signIn(page, { url: server.url, user: 'dinding', password });
  await page.route('**/api/v1/incidents?state=open*', (route) =>
    route.fulfill({ json: { items: openIncidents(10), next: null } }),
  );
  const wrong: string[] = [];
  for (const [path, language] of [['/', 'id'], ['/', 'en'], ['/situs/dc', 'id']] as const) {
    await page.evaluate(`localStorage.setItem('pantau.bahasa', '${language}')`);
    for (const [name, situation] of Object.entries(situations)) {
      server.pipeline.accept(readings(situation, Date.now()));
      await page.goto(server.url + path);
      await page.locator('.oneline-figures b').first().waitFor();
      for (const [width, height] of [[1920, 1080], [3840, 2160], [1366, 768], [390, 844], [360, 640]] as const) {
        await page.setViewportSize({ width, height });
        await page.evaluate('document.fonts.ready');
        const found = await settled(page, cutTexts, 1_500);
        const where = `${path}, ${language}, ${name}, ${width}`;
        wrong.push(...found.map((one) => `${where}: ${one}`));
        if (process.env['PANTAU_PICTURES'] !== undefined)
          await page.screenshot({ path: `${process.env['PANTAU_PICTURES']}/${where.replace(/\W+/g, '-')}.png` });
      }
    }
  }
  expect(wrong).toEqual([]);
}); // prettier-ignore
