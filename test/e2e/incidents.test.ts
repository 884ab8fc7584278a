import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { good } from '../../core/reading.ts';
import { peer } from '../support/peers.ts';
import { startPages } from './support/page-server.ts';
import { launch, password, signIn } from './support/sign-in.ts';
import { pointOf, stateCode, type TestServer } from '../server/support/server.ts';

let server: TestServer;
let browser: Browser | undefined;
beforeAll(async () => {
  server = await startPages({ name: 'ana', role: 'operator' });
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

async function open(executablePath: string): Promise<Page> {
  browser ??= await launch(executablePath);
  const page = await browser.newPage();
  await signIn(page, { url: server.url, user: 'ana', password, place: '/gangguan' });
  return page;
}

/** The panel's fire point says a state, now. */
function say(point: string, state: string): void {
  const found = pointOf(server.model, point);
  server.alarms.accept([
    { point: found.index, at: Date.now(), value: stateCode(found, state), quality: good },
  ]);
}

describe('page of an incident', () => {
  test('lets an operator acknowledge a fire, again when another alarm joins, and reset it once it has returned', async (context) => {
    const executablePath = peer(context, 'chromium');
    const vesda = server.model.points.filter(({ quantity, kind, room, site }) => quantity === 'alarm-level' && kind === 'vesda' && site === 'dc' && room !== undefined); // prettier-ignore
    const [first] = vesda;
    const second = vesda.find(({ room, id }) => room === first?.room && id !== first?.id);
    if (first === undefined || second === undefined) throw new Error('no two smoke detectors in a room');
    say(first.id, 'fire-1');
    const page = await open(executablePath);
    await page.getByRole('link', { name: /KEBAKARAN/ }).first().click(); // prettier-ignore
    const reset = page.getByRole('button', { name: 'Reset alarm setelah diperiksa' });
    await page.getByRole('button', { name: 'Akui gangguan' }).click();
    await page.getByText(/diakui ana/).waitFor();
    await page.getByRole('button', { name: 'Akui gangguan' }).waitFor({ state: 'detached' });
    expect(await reset.count()).toBe(0);

    say(second.id, 'fire-1');
    // Alert, action and fire of the second detector join the same fire.
    await page.getByText('3 alarm belum diakui').waitFor();
    await page.getByRole('button', { name: 'Akui gangguan' }).click();
    await page.getByText('3 alarm belum diakui').waitFor({ state: 'detached' });

    say(first.id, 'normal');
    say(second.id, 'normal');
    await reset.waitFor();
    await reset.click();
    await reset.waitFor({ state: 'detached' });
    await page.close();
  });

  test('shelves an alarm only with a reason, shows it among the hidden ones, and brings it back', async (context) => {
    const page = await open(peer(context, 'chromium'));
    const door = server.model.points.find(
      ({ quantity, kind, site }) => quantity === 'door-state' && kind === 'door' && site === 'drc',
    );
    say(door?.id ?? '', 'forced');
    await page.getByRole('link', { name: /dibuka paksa.*DRC/ }).click();
    await page.getByText('Sembunyikan…').first().click(); // prettier-ignore
    const shelve = page.getByRole('button', { name: 'Tunda', exact: true });
    expect(await shelve.isDisabled()).toBe(true);
    await page.getByLabel('Alasan').first().fill('pintu diperbaiki');
    await shelve.click();
    await page.getByText('Alarm ditunda').waitFor();
    await page.goto(`${server.url}/gangguan?daftar=alarm`);
    const hidden = page.locator('section', { hasText: 'Alarm yang disembunyikan' });
    await hidden.getByRole('button', { name: 'Akhiri penundaan' }).click();
    await hidden.waitFor({ state: 'detached' });
    const journal = await server.api(`/alarm-journal?actor=ana&site=drc`, { role: 'viewer' });
    expect(journal.json).toMatchObject({ items: [{ why: 'unshelve' }, { why: 'shelve', reason: 'pintu diperbaiki' }] }); // prettier-ignore
    await page.close();
  });

  test('shows the curve of the cause and splits off an alarm that does not belong, with a reason', async (context) => {
    const page = await open(peer(context, 'chromium'));
    const smoke = server.model.points.filter(({ quantity, kind, room, site }) => quantity === 'alarm-level' && kind === 'vesda' && site === 'smart-dc' && room !== undefined); // prettier-ignore
    const [first] = smoke;
    const second = smoke.find(({ room, id }) => room === first?.room && id !== first?.id);
    if (first === undefined || second === undefined) throw new Error('no two smoke detectors in a room');
    const at = Date.now();
    await server.historian.append([{ point: first.id, at, value: stateCode(first, 'fire-1'), quality: good }], { throughPowerCut: true }); // prettier-ignore
    for (const { id } of [first, second]) say(id, 'fire-1');
    await page.getByRole('link', { name: /KEBAKARAN.*Smart DC/ }).first().click(); // prettier-ignore
    await page.locator('[data-testid=curve] canvas').first().waitFor();
    await expect.poll(() => page.title()).toMatch(/P[12] KEBAKARAN.* · Pantau DC$/);
    const from = page.url();
    await page.getByText('Pisahkan alarm menjadi gangguan sendiri').click();
    const split = page.getByRole('button', { name: /^Pisahkan \d+ alarm$/ });
    await page.getByLabel('Cari alarm').fill(second.device ?? '');
    await page.locator('.split-alarms').getByRole('checkbox').first().check();
    await expect.poll(() => split.isDisabled()).toBe(true);
    await page.locator('.split-form').getByLabel('Alasan').fill('detektor lain, bukan api');
    await split.click();
    await page.waitForURL((url) => url.href !== from);
    await page.getByText('Dipisahkan dari gangguan lain').waitFor();
    await page.getByText('detektor lain, bukan api').first().waitFor();
    for (const { id } of [first, second]) say(id, 'normal');
    await page.close();
  });
});
