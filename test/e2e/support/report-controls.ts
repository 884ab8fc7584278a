import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { loadTestRepository } from '../../../server/loadtest/repository.ts';
import { storedRun } from '../../server/loadtest/stored-run.ts';
import type { TestServer } from '../../server/support/server.ts';

const minute = 60_000;

/** A run that ended an hour ago; its readings are not in the store. */
export async function keepRun({ db }: TestServer, id: string): Promise<void> {
  const from = Date.now() - 100 * minute;
  await loadTestRepository(db).add(storedRun(id, from));
}

async function open(page: Page, summary: string): Promise<void> {
  await page.locator('details > summary', { hasText: summary }).first().click();
}

/** Every control that acts of the pages of load tests. */
export async function useLoadTestPages(page: Page, { url, id, password }: { readonly url: string; readonly id: string; readonly password: string }): Promise<void> {
  await page.goto(`${url}/uji-beban`);
  await open(page, 'Rencanakan uji beban');
  await page.getByLabel('Saksi, satu nama per baris').fill('Budi Santoso\nCitra Lestari');
  await page.getByRole('textbox', { name: 'Catatan' }).fill('Uji bulanan');
  await page.getByRole('button', { name: 'Rencanakan', exact: true }).click();
  const plan = page.locator('.loadtest-plan', { hasText: 'Uji bulanan' });
  await plan.getByText('Budi Santoso').waitFor();
  await plan.getByRole('checkbox').first().click();
  await plan.getByText(/Pemeriksaan sebelum uji, 1 dari/).waitFor();
  await open(page, 'Batalkan rencana');
  await plan.getByLabel('Alasan pembatalan').fill('Genset diservis');
  await plan.getByRole('button', { name: 'Batalkan rencana' }).click();
  await page.getByText(/Dibatalkan oleh ana: Genset diservis/).waitFor();

  await page.goto(`${url}/uji-beban/${id}`);
  await expect.poll(() => page.getByTestId('transfers').innerText()).toContain('ATS A');
  await open(page, 'Catat temuan');
  await page.getByLabel('Temuan', { exact: true }).fill('ATS A lambat');
  await page.getByLabel('Penanggung jawab').fill('Tim ME');
  await page.getByLabel('Batas', { exact: true }).fill('2030-12-10');
  await page.getByRole('button', { name: 'Catat temuan' }).click();
  const wanting = page.locator('.loadtest-plan', { hasText: 'ATS A lambat' });
  await wanting.waitFor();
  await open(page, 'Selesaikan');
  await wanting.getByLabel('Apa yang sudah dikerjakan').fill('Kontaktor diganti');
  await wanting.getByRole('button', { name: 'Selesaikan' }).click();
  await wanting.getByText(/Kontaktor diganti/).waitFor();
  await open(page, 'Tanda tangani');
  await page.getByLabel('Kata sandi Anda').fill('salah-sekali');
  await page.getByRole('button', { name: 'Tanda tangani' }).click();
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel('Kata sandi Anda').fill(password);
  await page.getByRole('button', { name: 'Tanda tangani' }).click();
  await page.getByText(/^ana, .*\(di aplikasi\)/).waitFor();
  await signByBsre(page, password);
  await open(page, 'Koreksi laporan');
  await page.getByLabel('Alasan koreksi').fill('Pelat nama');
  await page.getByRole('button', { name: 'Koreksi laporan' }).click();
  await page.getByRole('alert').filter({ hasText: 'show no run' }).waitFor();
  await page.getByRole('link', { name: 'Verifikasi' }).click();
  await page.getByTestId('proof').waitFor();
} // prettier-ignore

/** An identity number of the wrong length is not sent; a wrong passphrase is told, and neither secret stays on the screen. */
async function signByBsre(page: Page, password: string): Promise<void> {
  let sent = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/signatures')) sent += 1;
  });
  const sign = page.getByRole('button', { name: 'Tanda tangani' });
  const fill = async (nik: string, passphrase: string): Promise<void> => {
    await page.getByLabel('NIK pemilik sertifikat').fill(nik);
    await page.getByLabel('Passphrase sertifikat').fill(passphrase);
    await page.getByLabel('Kata sandi Anda').fill(password);
    await sign.click();
  };
  await page.getByLabel('Bentuk tanda tangan').selectOption('bsre');
  await fill('31740000', 'frasa');
  expect(await page.getByLabel('NIK pemilik sertifikat').and(page.locator(':invalid')).count()).toBe(1);
  expect(sent).toBe(0);
  await fill('3174000000000001', 'salah');
  await page.getByRole('alert').filter({ hasText: 'Passphrase anda salah' }).waitFor();
  expect(await page.getByLabel('Passphrase sertifikat').inputValue()).toBe('');
  expect(await page.getByLabel('Kata sandi Anda').inputValue()).toBe('');
  await fill('3174000000000001', 'frasa');
  await page.getByText(/^ana, .*dok-1/).waitFor();
  expect(sent).toBe(2);
}

/** A document is uploaded, refused by its content, and withdrawn; the filters change what is shown. */
export async function useCompliancePage(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/kepatuhan?situs=dc`);
  const form = page.getByRole('form', { name: 'Unggah dokumen' });
  const send = async (name: string, bytes: Buffer): Promise<void> => {
    await form.getByLabel('Berlaku dari').fill('2026-01-01');
    await form.getByLabel('Berlaku sampai').fill('2030-12-31');
    await form.getByLabel(/^Berkas/).setInputFiles({ name, mimeType: 'application/pdf', buffer: bytes });
    await form.getByRole('button', { name: 'Unggah' }).click();
  };
  await send('kontrak.pdf', Buffer.from('MZ bukan dokumen'));
  await form.getByRole('alert').waitFor();
  await send('kontrak.pdf', Buffer.from('%PDF-1.7 kontrak'));
  const document = page.locator('.compliance-document', { hasText: 'kontrak.pdf' });
  await document.waitFor();
  await document.locator('summary').click();
  await document.getByLabel('Alasan').fill('salah berkas');
  await document.getByRole('button', { name: 'Tarik dokumen' }).click();
  await document.getByText(/ditarik oleh ana: salah berkas/).waitFor();
  await page.getByLabel('Situs').selectOption('drc');
  await expect.poll(() => new URL(page.url()).searchParams.get('situs')).toBe('drc');
}

/** What is taken out, and what fails meanwhile. */
export async function useCapacityPage(
  page: Page,
  server: Pick<TestServer, 'url' | 'api' | 'tick'>,
): Promise<void> {
  const { url } = server;
  // The product's clock computes it; here nothing else ticks.
  const isComputed = async (): Promise<boolean> => {
    server.tick();
    return (await server.api('/capacity?site=dc', { role: 'viewer' })).text.includes('"at":"2');
  };
  await expect.poll(isComputed).toBe(true);
  await page.goto(`${url}/kapasitas?situs=dc`);
  // What is chosen comes back by way of the address.
  const pick = async (label: RegExp, key: string): Promise<void> => {
    const select = page.getByRole('combobox', { name: label });
    await select.selectOption(key);
    await expect.poll(() => new URL(page.url()).search).toContain(encodeURIComponent(key));
    await expect.poll(() => select.inputValue()).toBe(key);
  };
  await pick(/^Dipelihara/, 'dc/ups-a1');
  await pick(/^Gagal/, 'dc/pln-b');
  await page.locator('.capacity-failure', { hasText: 'UPS A1' }).last().waitFor();
}
