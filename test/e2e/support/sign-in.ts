import { chromium, type Browser, type Page } from 'playwright-core';

/** Of everybody who signs in. */
export const password = 'kata-sandi-uji-1';

/** Headless, without what asks the network by itself; as root there is no sandbox. */
export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-gpu'],
  });

/** Through the page of signing in, as a person does, to a path; waits until it is there. `patienceMs`: of every later wait too. */
export async function signIn(
  page: Page,
  { url, user, password, place = '/', patienceMs = 60_000 }: { readonly url: string; readonly user: string; readonly password: string; readonly place?: string; readonly patienceMs?: number },
): Promise<void> {
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${url}/masuk?ke=${encodeURIComponent(place)}`);
  await page.fill('input[name=user]', user);
  await page.fill('input[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForURL(url + place);
} // prettier-ignore
