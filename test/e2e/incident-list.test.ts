import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUser } from '../../server/auth/users.ts';
import type { TestServer } from '../server/support/server.ts';
import { peer } from '../support/peers.ts';
import { fillIncidents } from '../../bench/screens/incidents.ts';
import { timeToList } from '../../bench/screens/pages.ts';
import { startPages } from './support/page-server.ts';
import { launch, password, signIn } from './support/sign-in.ts';

const many = 1_000;

let server: TestServer;
let browser: Browser | undefined;
beforeAll(async () => {
  server = await startPages(
    { name: 'ana', role: 'operator' },
    { prepare: (db) => fillIncidents(db, many, Date.now()) },
  );
  await addUser(server.db, { name: 'budi', password, role: 'viewer' }, Date.now());
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

async function open(executablePath: string, user: string, place: string): Promise<Page> {
  browser ??= await launch(executablePath);
  const page = await browser.newPage();
  await signIn(page, { url: server.url, user, password, place });
  return page;
}

const focusedRow = `document.activeElement.closest('li')?.dataset.incident`;

describe('a list of a thousand open incidents', () => {
  test('is shown at once, narrowed, kept in the address, walked by keys and acknowledged with one question', async (context) => {
    const page = await open(peer(context, 'chromium'), 'ana', '/piket');
    await page.locator('.shell-open', { hasText: '1000' }).waitFor();
    const shownMs = Number(await page.evaluate(timeToList));
    process.stdout.write(`list of ${many} incidents: shown in ${shownMs.toFixed(0)} ms (aim 300 ms)\n`);
    // Its aim is measured by bench:screens on an idle machine; what is guarded here is that it never draws all of them.
    const rows = page.locator('[data-testid=open-incidents] > li');
    expect(await rows.count()).toBeLessThan(many / 4);
    await page.getByRole('heading', { name: '1.000 dari 1.000 gangguan terbuka' }).waitFor();
    await expect.poll(() => page.title()).toMatch(/ Gangguan · Pantau DC$/);

    await page.keyboard.press('/');
    await page.keyboard.type('r-73');
    await page.getByRole('heading', { name: '11 dari 1.000 gangguan terbuka' }).waitFor();
    await page.getByRole('button', { name: 'P3' }).click();
    await page.getByRole('heading', { name: '3 dari 1.000 gangguan terbuka' }).waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe('?cari=r-73&prioritas=P3');
    await page.reload();
    await page.getByRole('heading', { name: '3 dari 1.000 gangguan terbuka' }).waitFor();

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await rows.nth(1).getAttribute('data-incident');
    await expect.poll(() => page.evaluate(focusedRow)).toBe(second);
    await page.keyboard.press('a');
    await page.getByRole('alertdialog').getByText('Akui 1 gangguan?').waitFor();
    await page.keyboard.press('Escape');
    // The question gives the focus back to the row when it has closed.
    await expect.poll(() => page.evaluate(focusedRow)).toBe(second);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/gangguan/${second ?? ''}`);
    await page.goBack();

    await page.getByLabel('Pilih semua yang menunggu (3)').check();
    await page.keyboard.press('a');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Akui 3 gangguan' }).click();
    await page.getByText('3 gangguan diakui.').waitFor();
    await page.getByRole('heading', { name: '0 dari 997 gangguan terbuka' }).waitFor();
    const over = await server.api('/incidents?state=resolved&text=r-73', { role: 'viewer' });
    expect(over.json).toMatchObject({ items: [{ acknowledgedBy: 'ana' }, { acknowledgedBy: 'ana' }, { acknowledgedBy: 'ana' }] }); // prettier-ignore
    await page.getByRole('radio', { name: 'Selesai' }).click();
    await page.getByText('Suhu rak R-73 tinggi').waitFor();
    await page.close();
  });

  test('gives a viewer nothing that would be refused', async (context) => {
    const page = await open(peer(context, 'chromium'), 'budi', '/gangguan');
    await page.locator('[data-testid=open-incidents] > li').first().waitFor();
    expect(await page.locator('main input[type=checkbox]').count()).toBe(0);
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    expect(await page.getByRole('alertdialog').count()).toBe(0);
    await page.close();
  });
});
