import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { createReport } from '../../bench/figures.ts';
import { addUser } from '../../server/auth/users.ts';
import type { Role } from '../../server/contracts/common.ts';
import { page as pageOf } from '../../server/contracts/common.ts';
import { incidentSummary } from '../../server/contracts/incidents.ts';
import { cutTexts, settled } from '../e2e/support/cut.ts';
import { webFolder } from '../e2e/support/page-server.ts';
import { launch, password, signIn } from '../e2e/support/sign-in.ts';
import { fillIncidents } from '../../bench/screens/incidents.ts';
import { startServer, type TestServer } from '../server/support/server.ts';

/**
 * Every page × both languages × both themes × five sizes, as every role that may open it: nothing sticks out, no word is cut, axe finds
 * nothing, and the page asks for nothing that its user is refused. `SOAK_PAGES` narrows the paths by a piece of text.
 */
const sizes = [[1920, 1080], [3840, 2160], [1366, 900], [390, 844], [360, 740]] as const; // prettier-ignore
const languages = ['id', 'en'] as const;
const themes = ['dark', 'light'] as const;
const everyPage = [
  '/', '/?tampil=dc', '/?tampil=bergilir', '/situs/dc', '/situs/smart-dc', '/situs/drc', '/gangguan', '/gangguan?daftar=alarm', '/gangguan/ID',
  '/gangguan/ID/laporan', '/alarm', '/alarm?daftar=shelved', '/alarm/kinerja', '/akses', '/akses/baru', '/akses/kalender', '/akses/log', '/akses/impor',
  '/kehadiran', '/kehadiran/kumpul?situs=dc', '/piket', '/serah-terima', '/tren', '/putar-ulang', '/kapasitas', '/kepatuhan', '/kepatuhan/laporan',
  '/perangkat', '/perangkat/dc/pac-01', '/rak/dc/rack-a01', '/pengguna', '/uji-beban', '/mulai', '/latihan', '/istilah', '/tidak-ada',
]; // prettier-ignore
/** What a role opens by its menu: the rest is for others. */
const pagesOf: Partial<Record<Role, readonly string[]>> = {
  admin: everyPage,
  operator: ['/', '/gangguan/ID', '/alarm', '/akses', '/akses/baru', '/kehadiran', '/piket', '/serah-terima', '/perangkat', '/uji-beban', '/latihan'],
  viewer: ['/', '/situs/dc', '/gangguan', '/gangguan/ID', '/alarm', '/alarm/kinerja', '/akses', '/kehadiran', '/piket', '/serah-terima', '/tren', '/kapasitas', '/kepatuhan', '/kepatuhan/laporan', '/perangkat', '/rak/dc/rack-a01', '/uji-beban', '/mulai'],
  wall: ['/', '/?tampil=bergilir', '/situs/dc', '/gangguan', '/gangguan/ID', '/alarm', '/piket', '/tren', '/putar-ulang', '/rak/dc/rack-a01', '/istilah'],
}; // prettier-ignore

const texts = z.array(z.string());
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeRun = `axe.run(document).then(({ violations }) => violations.flatMap(({ id, impact, nodes }) =>
  nodes.slice(0, 3).map(({ html }) => 'axe ' + impact + ' ' + id + ': ' + html.slice(0, 140))))`;

const report = createReport();
const server = await startServer({
  webFolder,
  prepare: (db) => fillIncidents(db, 30, Date.now()),
});
const browser = await launch(process.env['CHROMIUM'] ?? '/usr/bin/chromium');
/** What was found, and where first: a fault of a part that every page has is told once. */
const found = new Map<string, { first: string; count: number }>();
let looks = 0;
try {
  const incident = await anIncident(server);
  for (const [role, pages] of Object.entries(pagesOf)) await walk(role, pages, incident);
} finally {
  await browser.close();
  await server.close();
}
for (const [what, { first, count }] of found) report.note(`${what}\n    ${count} times, first at ${first}`);
report.figure('pages looked at', looks, '');
report.figure('kinds of findings', found.size, '', { aim: { atMost: 0 } });
report.end();

async function anIncident({ api }: TestServer): Promise<string> {
  const { items } = pageOf(incidentSummary).parse(
    (await api('/incidents?state=open', { role: 'viewer' })).json,
  );
  return items[0]?.id ?? '';
}

async function walk(role: string, pages: readonly string[], incident: string): Promise<void> {
  await addUser(server.db, { name: role, password, role: z.enum(['admin', 'operator', 'viewer', 'wall']).parse(role) }, Date.now()); // prettier-ignore
  const page = await browser.newPage();
  let where = '';
  page.on('response', (response) => {
    if (response.status() === 403)
      note(`${role} is refused ${response.request().method()} ${new URL(response.url()).pathname}`, where);
  });
  page.on('pageerror', (error) => {
    note(`error: ${error.message}`, where);
  });
  await signIn(page, { url: server.url, user: role, password });
  // A role below admin sees parts of the same pages: one look each is enough.
  const looksOf = role === 'admin' ? languages.flatMap((language) => themes.map((theme) => ({ language, theme }))) : [{ language: 'id', theme: 'dark' }]; // prettier-ignore
  for (const path of pages.filter((each) => each.includes(process.env['SOAK_PAGES'] ?? '')))
    for (const { language, theme } of looksOf) {
      where = `${path} ${role} ${language} ${theme}`;
      await page.evaluate(`localStorage.setItem('pantau.bahasa', '${language}'); localStorage.setItem('pantau.tampilan', '${theme}')`); // prettier-ignore
      await look(page, path.replace('ID', incident), where);
    }
  await page.close();
}

async function look(page: Page, path: string, where: string): Promise<void> {
  await page.setViewportSize({ width: 1366, height: 900 });
  try {
    await page.goto(server.url + path, { waitUntil: 'domcontentloaded' });
  } catch (error) {
    note(
      `did not open: ${error instanceof Error ? error.message.split('\n', 1).join() : String(error)}`,
      where,
    );
    return;
  }
  await page.locator('h1, .note').first().waitFor({ state: 'attached', timeout: 20_000 }).catch(() => { note('no heading came', where); }); // prettier-ignore
  // What is asked for when the page opens is there; the lists that are polled come later too.
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    looks += 1;
    for (const one of await settled(page, cutTexts, 1_500)) note(one, `${where} ${width}`);
    if (width !== 1366 && width !== 390) continue;
    await page.evaluate(axeSource);
    for (const one of texts.parse(await page.evaluate(axeRun))) note(one, `${where} ${width}`);
  }
  const isWall = path === '/' || path.startsWith('/?');
  if (!isWall && /^(\(\d+\) P\d · )?Pantau DC$/.test(await page.title())) note('its tab has no name', where);
}

function note(what: string, where: string): void {
  const known = found.get(what);
  if (known === undefined) found.set(what, { first: where, count: 1 });
  else known.count += 1;
}
