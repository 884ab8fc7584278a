import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { createVisitor } from './support/visit.ts';

const visitor = createVisitor();
afterAll(() => visitor.close());

describe('wall', () => {
  test('a wrong password is refused and says so', async (context) => {
    const { page } = await visitor.visit(context, '/');
    const { url } = await visitor.estate();
    await page.context().clearCookies();
    await page.goto(`${url}/masuk`);
    await page.fill('input[name=user]', 'admin');
    await page.fill('input[name=password]', 'salah');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(page.url()).toContain('/masuk');
    await page.close();
  });

  test('shows three sites and 728 racks, all with values, and SIMULASI, when signed in', async (context) => {
    const { page, complaints } = await visitor.visit(context, '/');
    await expect.poll(() => page.locator('[data-rack]').count()).toBe(728);
    await expect.poll(() => page.locator('[data-rack].cell--good').count()).toBe(728);
    expect(await page.locator('article').count()).toBe(3);
    expect(await page.getByTestId('simulated').textContent()).toContain('SIMULASI');
    expect(await page.getByTestId('connection-lost').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('fits its screen without a scroll bar when it hangs on the wall', async (context) => {
    const { page } = await visitor.visit(context, '/');
    await page.locator('[data-rack].cell--good').first().waitFor();
    await expect.poll(() => overflow(page)).toEqual({ wide: 0, high: 0 });
    await page.close();
  });

  test('shows what was measured anew without a reload', async (context) => {
    const { page } = await visitor.visit(context, '/situs/dc?titik=dc%2Fpln-a%2Fpower');
    const measuredAt = page.getByTestId('source-time');
    await measuredAt.waitFor();
    const before = await measuredAt.textContent();
    await expect.poll(() => measuredAt.textContent()).not.toBe(before);
    await page.close();
  });

  test('changes its language at once and remembers it', async (context) => {
    const { page, complaints } = await visitor.visit(context, '/');
    await page.getByTestId('tile-power').first().waitFor();
    await expect.poll(() => page.getByTestId('tile-power').first().textContent()).toContain('Listrik');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByTestId('language').click();
    await expect.poll(() => page.getByTestId('tile-power').first().textContent()).toContain('Power');
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await expect.poll(() => page.getByTestId('tile-power').first().textContent()).toContain('Power');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('changes the layer of the plans when a number key is pressed', async (context) => {
    const { page } = await visitor.visit(context, '/');
    await page.locator('[data-rack].cell--good').first().waitFor();
    await page.keyboard.press('3');
    await expect.poll(() => page.getByRole('radio', { name: /Beban rak/ }).isChecked()).toBe(true);
    await expect.poll(() => page.locator('[data-rack].cell--good').count()).toBe(728);
    await page.close();
  });

  test('leads the keyboard from the plan to a history and back', async (context) => {
    const { page, complaints } = await visitor.visit(context, '/situs/smart-dc');
    await page.locator('button[data-rack]').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.locator('button[data-rack=rack-m02]:focus').waitFor();
    await page.getByRole('status').waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('history').waitFor();
    await expect.poll(() => page.getByTestId('chart').locator('canvas').count()).toBe(1);
    await expect.poll(() => page.url()).toContain('titik=');
    await page.keyboard.press('Escape');
    await page.getByTestId('history').waitFor({ state: 'detached' });
    await page.locator('button[data-rack]:focus').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('needs no sideways scrolling on a phone', async (context) => {
    for (const place of ['/', '/situs/dc', '/gangguan', '/akses/baru', '/perangkat', '/latihan']) {
      const { page } = await visitor.visit(context, place, { width: 390, height: 844 });
      await page.getByRole('heading').first().waitFor({ state: 'attached' });
      await page.getByTestId('simulated').waitFor();
      await page.locator('[data-testid^=site-], .panel, .ticket-form').first().waitFor();
      await expect.poll(async () => (await overflow(page)).wide, { message: place }).toBe(0);
      await page.close();
    }
  });

  test('keeps its picture and asks to sign in again when the session ended', async (context) => {
    const { page } = await visitor.visit(context, '/');
    await page.locator('[data-rack].cell--good').first().waitFor();
    await page.context().clearCookies();
    await page.getByTestId('session-expired').waitFor();
    await expect.poll(() => page.locator('[data-rack]').count()).toBe(728);
    await page.getByRole('link', { name: 'Masuk lagi' }).click();
    await page.locator('input[name=password]').waitFor();
    await page.close();
  });

  test('shows an incident after a drill, which an operator acknowledges', async (context) => {
    const { page, complaints } = await visitor.visit(context, '/latihan');
    await page.getByTestId('drill-drc-leak').click();
    await page.getByRole('link', { name: 'Layar utama' }).click();
    const row = page.getByTestId('incidents').getByRole('link', { name: /Air terdeteksi/ });
    await row.waitFor();
    await expect.poll(() => page.getByTestId('site-drc').textContent()).toMatch(/P\d/);
    await expect
      .poll(() => page.getByTestId('site-drc').getByTestId('tile-water').textContent())
      .toContain('bocor');
    await row.click();
    await page.getByRole('button', { name: 'Akui gangguan' }).click();
    await page.getByText(/diakui admin/).waitFor();
    await page.getByRole('button', { name: 'Menu' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('is unmistakable about a lost connection, and recovers by itself when the server is back', async (context) => {
    const { page } = await visitor.visit(context, '/');
    const estate = await visitor.estate();
    await page.locator('[data-rack].cell--good').first().waitFor();
    const sign = page.getByTestId('connection-lost');
    await estate.killServer();
    await sign.waitFor();
    await expect
      .poll(() => sign.textContent())
      .toMatch(/SAMBUNGAN TERPUTUS.*Data terakhir \d\d\.\d\d\.\d\d WIB/);
    await page.locator('.picture--lost').waitFor();
    await estate.startServer();
    await sign.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('[data-rack].cell--good').count()).toBe(728);
    await page.close();
  });
});

/** How far the page is wider and higher than its window, px. */
async function overflow(page: Page): Promise<{ wide: number; high: number }> {
  const script = `(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
    ({ wide: scrollWidth - clientWidth, high: scrollHeight - clientHeight }))(document.documentElement)`;
  return page.evaluate<{ wide: number; high: number }>(script);
}
