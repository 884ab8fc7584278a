import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { good } from '../../core/reading.ts';
import { fieldEventRepository } from '../../server/access/field-events.ts';
import { page as pageOf } from '../../server/contracts/common.ts';
import { incidentSummary } from '../../server/contracts/incidents.ts';
import type { AcknowledgementView } from '../../server/contracts/notify.ts';
import { ticketDetails } from '../../server/contracts/tickets.ts';
import { startBsreGateway, type BsreGateway } from '../server/loadtest/bsre-gateway.ts';
import { pointOf, shippedModel, stateCode, type TestServer } from '../server/support/server.ts';
import { peer } from '../support/peers.ts';
import { cutTexts, settled } from './support/cut.ts';
import { startPages } from './support/page-server.ts';
import { launch, password, signIn } from './support/sign-in.ts';
import { keepRun, useCapacityPage, useCompliancePage, useLoadTestPages } from './support/report-controls.ts';
import { fillIncidents } from '../../bench/screens/incidents.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const widths = [1920, 1366, 390, 360];
/** A point of numbers, with a reading every ten seconds of the last hour and a gap in its middle. */
const power = 'dc/site/power';

let server: TestServer;
let gateway: BsreGateway;
let browser: Browser | undefined;
let fire = '';
let detectorId = '';
let visit = '';
beforeAll(async () => {
  gateway = await startBsreGateway();
  const model = { ...shippedModel(), signing: { bsre: gateway.access } };
  server = await startPages(
    { name: 'ana', role: 'admin' },
    { model, prepare: (db) => fillIncidents(db, 30, Date.now()) },
  );
  await raiseFire();
  await writePower();
  await requestVisit();
});
afterAll(async () => {
  await browser?.close();
  await server.close();
  gateway.close();
});

const ana = () => ({ url: server.url, user: 'ana', password });

/** A fire with a curve, which names a person in its timeline. */
async function raiseFire(): Promise<void> {
  const detector = server.model.points.find(({ quantity, kind, site }) => quantity === 'alarm-level' && kind === 'vesda' && site === 'dc'); // prettier-ignore
  const point = pointOf(server.model, detector?.id ?? '');
  detectorId = point.id;
  const [calm, burning] = [stateCode(point, 'normal'), stateCode(point, 'fire-1')];
  const now = Date.now();
  await server.historian.append(
    [60, 40, 20, 0].map((seconds) => ({ point: point.id, at: now - seconds * 1_000, value: seconds > 20 ? calm : burning, quality: good })),
    { throughPowerCut: true },
  ); // prettier-ignore
  server.alarms.accept([{ point: point.index, at: now, value: burning, quality: good }]);
  const open = pageOf(incidentSummary).parse((await server.api('/incidents?priority=P1,P2&discipline=fire', { role: 'viewer' })).json); // prettier-ignore
  fire = open.items[0]?.id ?? '';
  await server.api(`/incidents/${fire}/note`, { method: 'POST', role: 'operator', body: { text: 'Asap tipis, tim menuju ruang.' } }); // prettier-ignore
}

/** It waits for an answer and has names of two scripts; a door has let somebody in. */
async function requestVisit(): Promise<void> {
  const [from, to] = [1, 3].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
  const request = {
    site: 'dc', rooms: ['hall-1'], unit: 'Biro Umum', pic: "Nur'aini", accompanied: true, activity: 'Perawatan PAC', from, to,
    persons: [{ name: 'عبد الله', identity: '3171012309870004', party: 'third-party' }, { name: "Nur'aini", identity: '197001011990031001', party: 'employee' }],
    superiorEmail: 'kabag@example.go.id',
  }; // prettier-ignore
  visit = ticketDetails.parse((await server.api('/tickets', { method: 'POST', role: 'manager', body: request })).json).id; // prettier-ignore
  const door = { id: 'dc/door-hall-1#1', source: 'dc/door-hall-1', at: Date.now(), kind: 'access-granted' };
  await fieldEventRepository(server.db).add([{ ...door, attributes: { part: 'door-1', card: '8165537', person: 'عبد الله' } }], Date.now()); // prettier-ignore
}

async function writePower(): Promise<void> {
  const now = Date.now();
  const ages = Array.from({ length: 360 }, (_, place) => place * 10_000).filter((age) => age < 1_200_000 || age > 1_800_000);
  await server.historian.append(
    ages.map((age) => ({ point: power, at: now - age, value: 600 + Math.sin(age / 200_000), quality: good })),
    { throughPowerCut: true },
  );
} // prettier-ignore

/** What axe finds, shortened to the rule and the element. */
const axeRun = `axe.run(document).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`;

const answer: AcknowledgementView = {
  person: 'Sari', expired: false, usedAt: null, waiting: 3,
  incident: { id: 'i', title: { id: 'PLN A dan B padam di DC; beban dipikul genset, 3 dari 3 jalan', en: 'Grids A and B are down at DC; gensets carry the load, 3 of 3 running' }, priority: 'P1', site: 'dc', clause: 'BAB IV.1.6', openedAt: '2026-11-29T01:00:00Z', state: 'open', acknowledgedBy: null, waiting: true },
}; // prettier-ignore

/** Paths, and what the title must be there in either language. */
const places = (): readonly (readonly [path: string, title: RegExp])[] => [
  ['/gangguan', /(Gangguan|Incidents) · Pantau DC$/],
  ['/gangguan?daftar=alarm', /(Gangguan|Incidents) · Pantau DC$/],
  [`/gangguan/${fire}`, /P[12] (KEBAKARAN|FIRE).* · Pantau DC$/],
  [`/tren?kurva=${encodeURIComponent(`${detectorId},${power}`)}&rentang=1h&banding=kemarin`, /(Tren|Trends) · Pantau DC$/],
  ['/uji-beban', /(Uji beban|Load tests) · Pantau DC$/],
  ['/piket', /(Piket|On call) · Pantau DC$/],
  ['/putar-ulang', /(Putar ulang|Replay) · Pantau DC$/],
  ['/pengguna', /(Pengguna|Users) · Pantau DC$/],
  ['/rak/dc/rack-a01', /A-01 · DC · Pantau DC$/],
  ['/ruang/dc/hall-1', /(Ruang data 1|Data hall 1) · DC · Pantau DC$/],
  ['/akses', /(Akses fisik|Physical access) · Pantau DC$/],
  ['/akses/baru', /(Permintaan akses fisik|Physical access request) · Pantau DC$/],
  [`/akses/${visit}`, /(Akses fisik|Physical access) .*3\.1\.1 · Pantau DC$/],
  ['/akses/log', /(Log akses|Access log) · Pantau DC$/],
  ['/audit', /(Jejak audit|Audit trail) · Pantau DC$/],
  ['/kehadiran', /(Kehadiran|Presence) · Pantau DC$/],
  ['/kehadiran/kumpul?situs=dc', /(Daftar kumpul|Muster list) · DC · Pantau DC$/],
  ['/situs/dc', /DC · Pantau DC$/],
  // Three of its devices do not answer.
  ['/perangkat', /(Perangkat|Devices) · Pantau DC$/],
  ['/akui/x', /(Akui|Acknowledge).* · Pantau DC$/],
]; // prettier-ignore

/** What is wrong with every place, as one user sees it. */
async function walk(chrome: Browser, language: 'id' | 'en', theme: 'dark' | 'light'): Promise<string[]> {
  // A worker would ask the server itself.
  const page = await chrome.newPage({ serviceWorkers: 'block' });
  await page.route('**/api/v1/acknowledgements/*', (route) => route.fulfill({ json: answer }));
  await signIn(page, { ...ana(), place: '/piket' });
  await page.evaluate(`localStorage.setItem('pantau.bahasa', '${language}'); localStorage.setItem('pantau.tampilan', '${theme}')`);
  const wrong: string[] = [];
  for (const [path, title] of places()) {
    const where = `${path} ${language} ${theme}`;
    await page.setViewportSize({ width: 1366, height: 900 });
    await page.goto(server.url + path);
    await page.locator('h1').first().waitFor();
    await expect.poll(() => page.title()).toMatch(title);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      wrong.push(...(await settled(page, cutTexts)).map((one) => `${where} ${width}: ${one}`));
    }
    await page.evaluate(axe);
    wrong.push(...(await settled(page, axeRun)).map((one) => `${where}: ${one}`));
  }
  await page.close();
  return wrong;
} // prettier-ignore

test('every page of incidents, alarms, access, roster and acknowledgement fits and is clean of axe findings, in both languages and themes', async (context) => {
  browser = await launch(peer(context, 'chromium'));
  const wrong = await Promise.all([walk(browser, 'id', 'dark'), walk(browser, 'en', 'light')]);
  expect(wrong.flat()).toEqual([]);
}); // prettier-ignore

test('points are found by words of the page, drawn, zoomed, moved and taken along as a picture', async (context) => {
  browser ??= await launch(peer(context, 'chromium'));
  const page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await signIn(page, { ...ana(), place: '/tren?rentang=1h' });
  const parameter = (name: string): string => new URL(page.url()).searchParams.get(name) ?? '';

  await page.getByRole('searchbox').fill('daya dc/site');
  await page.getByTestId('found').getByRole('button', { name: 'Daya · DC kW', exact: true }).click();
  await expect.poll(() => parameter('kurva')).toBe(power);
  await page.getByRole('searchbox').fill('');
  const row = page.getByTestId('legend').locator(`[data-point="${power}"]`);
  await expect.poll(() => row.getByTestId('trend-value').textContent()).toMatch(/^60[01] kW$/);

  // The cursor tells the value there, and a gap is one.
  const area = page.getByTestId('trend-panel').first();
  const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
  const moveTo = async (share: number, steps = 1): Promise<void> => {
    const { x, y, width, height } = box.parse(await area.boundingBox());
    await page.mouse.move(x + width * share, y + height / 2, { steps });
  };
  const valueAt = async (share: number): Promise<string | null> => {
    await moveTo(share);
    return row.getByTestId('trend-value').textContent();
  };
  await expect.poll(() => valueAt(0.58)).toBe('–');

  // The wheel zooms around the pointer, a drag shows what it selected, keys move; the address follows.
  const read = page.waitForResponse(
    (response) => response.url().includes('/history/columns?') && response.ok(),
  );
  await page.mouse.wheel(0, -400);
  await expect.poll(() => parameter('dari')).toMatch(/\+07:00$/);
  await read;
  const length = (): number => Date.parse(parameter('sampai')) - Date.parse(parameter('dari'));
  const wheeled = length();
  expect(wheeled).toBeLessThan(3_000_000);
  await moveTo(0.5);
  await page.mouse.down();
  await moveTo(0.9, 4);
  await page.mouse.up();
  await expect.poll(length).toBeLessThan(wheeled * 0.5);
  const from = parameter('dari');
  await page.getByTestId('charts').focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => Date.parse(parameter('dari'))).toBeLessThan(Date.parse(from));
  await page.goBack();
  await expect.poll(() => parameter('dari')).toBe(from);

  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Unduh PNG' }).click(),
  ]);
  expect(picture.suggestedFilename()).toMatch(/^tren-.*\.png$/);
  expect(
    readFileSync(await picture.path())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');

  // From any point's history it joins what is shown.
  await page.goto(`${server.url}/perangkat?titik=${encodeURIComponent(detectorId)}`);
  await page.getByRole('link', { name: 'Buka di Tren' }).click();
  await expect.poll(() => parameter('kurva')).toBe(`${power},${detectorId}`);
  await expect.poll(() => page.getByTestId('trend-panel').count()).toBe(2);
  expect(errors).toEqual([]);
  await page.close();
});

test('load tests are planned, signed and corrected, documents uploaded and failures tried from their pages', async (context) => {
  browser ??= await launch(peer(context, 'chromium'));
  const page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await keepRun(server, 'run-pages');
  await signIn(page, { ...ana(), place: '/uji-beban' });
  await useLoadTestPages(page, { url: server.url, id: 'run-pages', password });
  await useCompliancePage(page, server.url);
  await useCapacityPage(page, server);
  expect(errors).toEqual([]);
  await page.close();
});
