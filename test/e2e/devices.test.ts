import { afterAll, describe, expect, test } from 'vitest';
import { createVisitor } from './support/visit.ts';

const visitor = createVisitor();
afterAll(() => visitor.close());

describe('page of devices', () => {
  test('shows how the collector does at each site, and narrows the table by site and protocol', async (context) => {
    const { page, complaints } = await visitor.visit(context, '/perangkat');
    const local = page.locator('[data-collector=local]');
    await local.waitFor();
    await expect.poll(() => local.locator('tbody tr').count()).toBe(3);
    const pace = local.locator('[data-point="drc/collector/polls-per-second"]');
    await expect.poll(() => pace.textContent()).toMatch(/ [1-9][\d.,]* \/s$/);
    const count = page.getByTestId('devices-count');
    await expect.poll(() => count.textContent()).toMatch(/^(\S+) dari \1 perangkat$/);
    const all = await count.textContent();
    await page.getByRole('combobox', { name: 'Situs' }).selectOption('drc');
    await page.getByRole('combobox', { name: 'Protokol' }).selectOption('mqtt');
    await expect.poll(() => count.textContent()).not.toBe(all);
    await expect.poll(() => page.locator('[data-device]:not([data-device^="drc/"])').count()).toBe(0);
    await page.locator('[data-device]').first().waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('finds a dead device among the sick, and leads the keyboard to the history of its timeouts and back', async (context) => {
    const { page, complaints } = await visitor.visit(context, '/latihan');
    await page.getByTestId('drill-dc-device-dead').click();
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('menuitem', { name: 'Perangkat' }).click();
    await page.getByRole('checkbox', { name: 'Hanya yang bermasalah' }).check();
    const dead = page.locator('.devices-lost').first();
    await expect.poll(() => dead.textContent()).toContain('putus');
    const timeouts = dead.getByRole('button', { name: /^Habis waktu .*, \+\d+ dalam sejam terakhir$/ });
    await timeouts.focus();
    await page.keyboard.press('Enter');
    await page
      .getByTestId('history')
      .getByRole('heading', { name: /^Habis waktu DC · / })
      .waitFor();
    await expect.poll(() => page.getByTestId('chart').locator('canvas').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByTestId('history').waitFor({ state: 'detached' });
    await expect.poll(() => dead.locator('button:focus').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
