import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { password } from './serve.ts';

const seeks = 10;
const lists = 5;
const numbers = z.array(z.number());

/** Only this bench needs a browser: those who run the others need not have one. */
export async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-gpu', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  }); // prettier-ignore
}

export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/masuk`);
  await page.fill('input[name=user]', 'admin');
  await page.fill('input[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/`);
}

/** Seconds from nothing kept to every rack with a value, by a browser that has never been here. */
export async function firstWall(page: Page, url: string): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.clearBrowserCache');
  await client.send('Network.setBypassServiceWorker', { bypass: true });
  const start = performance.now();
  await page.goto(`${url}/`);
  await page.waitForFunction(`document.querySelectorAll('[data-rack].cell--good').length > 700`, undefined, { polling: 'raf', timeout: 60_000 }); // prettier-ignore
  return (performance.now() - start) / 1_000;
}

export async function heapMb(page: Page): Promise<number> {
  return z.number().parse(await page.evaluate('(gc(), performance.memory.usedJSHeapSize / 1e6)'));
}

/** Tasks that kept the page from answering, ms each. */
export async function countTasks(page: Page, forMs: number): Promise<number[]> {
  const script = `new Promise((done) => {
    const tasks = [];
    const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    watch.observe({ type: 'longtask' });
    setTimeout(() => (watch.disconnect(), done(tasks)), ${forMs});
  })`;
  return numbers.parse(await page.evaluate(script));
}

/**
 * Milliseconds from the newest sample of a message to the frame that shows it. Values are drawn in the next frame after they come, so
 * the one after that has been painted. Read from the page's own socket, opened anew.
 */
export async function samplesToPaint(page: Page, forMs: number): Promise<number[]> {
  await page.addInitScript(`(() => {
    window.paints = [];
    const Original = WebSocket;
    window.WebSocket = class extends Original {
      constructor(...args) {
        super(...args);
        this.addEventListener('message', ({ data }) => {
          if (typeof data !== 'string' || !data.startsWith('42["values"')) return;
          const at = JSON.parse(data.slice(2))[1].at;
          requestAnimationFrame(() => requestAnimationFrame(() => {
            const now = Date.now();
            for (const time of at) window.paints.push(now - time);
          }));
        });
      }
    };
  })()`);
  await page.reload();
  await page.waitForFunction('window.paints.length > 0', undefined, { timeout: 60_000 });
  await page.waitForTimeout(5_000);
  await page.evaluate('window.paints.length = 0');
  await page.waitForTimeout(forMs);
  return numbers.parse(await page.evaluate('window.paints'));
}

/** Milliseconds from the click on the count of open incidents to the frame that shows its rows. */
export async function incidentList(page: Page, url: string): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < lists; turn += 1) {
    await page.goto(`${url}/piket`);
    await page.locator('a.shell-open').waitFor();
    times.push(z.number().parse(await page.evaluate(timeToList)));
  }
  return times;
}

export const timeToList = `new Promise((resolve) => {
  const started = performance.now();
  const watch = new MutationObserver(() => {
    if (document.querySelector('[data-testid=open-incidents] .incident-row') === null) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
  });
  watch.observe(document.body, { childList: true, subtree: true });
  document.querySelector('a.shell-open').click();
})`;

/** Milliseconds from a new moment in the address to its values on the screen. */
export async function replaySeeks(page: Page, url: string): Promise<number[]> {
  const now = Date.now();
  await page.goto(`${url}/putar-ulang?t=${new Date(now - 40_000).toISOString()}`);
  await page.waitForFunction(`document.querySelector('[data-testid=replay]')?.dataset.shown !== undefined`, undefined, { timeout: 60_000 }); // prettier-ignore
  const times: number[] = [];
  for (let turn = 0; turn < seeks; turn += 1) {
    const at = Math.floor((now - 35_000 + turn * 2_000) / 1_000) * 1_000;
    const script = `new Promise((done) => {
      const start = performance.now();
      const replay = document.querySelector('[data-testid=replay]');
      new MutationObserver((_, watch) => {
        if (replay.dataset.shown !== '${at}') return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
      }).observe(replay, { attributes: true });
      history.replaceState(history.state, '', '?t=${new Date(at).toISOString()}');
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
    })`;
    times.push(z.number().parse(await page.evaluate(script)));
  }
  return times;
}
