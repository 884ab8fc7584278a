import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { createReport } from './figures.ts';
import { percentile } from './percentile.ts';

/**
 * The wall and the replay in headless Chromium against their aims: the whole estate, simulated. `SCREENS_MINUTES` (1) of the wall are
 * counted after a minute of warm-up: 60 is the soak of an hour. Prints each figure beside its aim; asserts none.
 */
const minutes = Number(process.env['SCREENS_MINUTES'] ?? 1);
const port = Number(process.env['PANTAU_PORT'] ?? 8_392);
const simulatorPort = Number(process.env['PANTAU_SIMULATOR_PORT'] ?? 26_000);
const seeks = 10;
const password = 'bench-only-password';
const url = `http://127.0.0.1:${port}`;

const command = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const webFolder = fileURLToPath(new URL('../web', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'pantau-screens-'));
const { note, figure, end } = createReport();

const server = spawn(process.execPath, [command, 'serve'], {
  env: {
    ...process.env,
    PANTAU_PORT: String(port), PANTAU_DATA: dataDir, PANTAU_SIMULATOR_PORT: String(simulatorPort),
    PANTAU_ADMIN_PASSWORD: password, PANTAU_LOG: 'warn',
  },
  stdio: ['ignore', 'ignore', 'inherit'],
}); // prettier-ignore
let browser: Browser | undefined;
try {
  figure('files of the wall, gzip', wallBundle() / 1_000, 'kB', { aim: { atMost: 250 }, digits: 1 });
  while (!(await fetch(`${url}/api/v1/health`).then(({ ok }) => ok, () => false))) await sleep(200); // prettier-ignore
  // Every device has been polled before anything is timed.
  await sleep(20_000);
  browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, bypassCSP: true });
  await signIn(page);
  figure('first wall with data', await firstWall(page), 's', { aim: { atMost: 2 }, digits: 2 });
  await quietWall(page);
  const replay = await replaySeeks(page);
  figure('seek of the replay, median', percentile([...replay], 0.5), 'ms', { aim: { atMost: 300 } });
  figure('seek of the replay, slowest', Math.max(...replay), 'ms');
} finally {
  await browser?.close();
  server.kill('SIGTERM');
  await new Promise((done) => server.once('exit', done));
  rmSync(dataDir, { recursive: true, force: true });
}
end();

/** The page, and the scripts and styles that it names before anything else is known. */
function wallBundle(): number {
  const html = readFileSync(join(webFolder, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
  return ['/index.html', ...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(webFolder, file))).length,
    0,
  );
}

/** Only this bench needs a browser: those who run the others need not have one. */
async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-gpu', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  }); // prettier-ignore
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${url}/masuk`);
  await page.fill('input[name=user]', 'admin');
  await page.fill('input[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/`);
}

/** Seconds from nothing kept to every rack with a value, by a browser that has never been here. */
async function firstWall(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.clearBrowserCache');
  await client.send('Network.setBypassServiceWorker', { bypass: true });
  const start = performance.now();
  await page.goto(`${url}/`);
  await page.waitForFunction(`document.querySelectorAll('[data-rack].cell--good').length > 700`, undefined, { polling: 'raf', timeout: 60_000 }); // prettier-ignore
  return (performance.now() - start) / 1_000;
}

/** Tasks that kept the page from answering, and what its memory does. */
async function quietWall(page: Page): Promise<void> {
  await sleep(60_000);
  const heap = async (): Promise<number> =>
    z.number().parse(await page.evaluate('(gc(), performance.memory.usedJSHeapSize / 1e6)'));
  const before = await heap();
  await page.evaluate(`window.tasks = []; new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' })`); // prettier-ignore
  await sleep(minutes * 60_000);
  const tasks = z.array(z.number()).parse(await page.evaluate('window.tasks'));
  const after = await heap();
  figure(`tasks over 50 ms in ${minutes} min`, tasks.length, '', { aim: { atMost: 0 } });
  if (tasks.length > 0) note(`the longest took ${Math.max(...tasks)} ms`);
  figure('heap of the wall after', after, 'MB', { digits: 1 });
  figure('growth of the heap', (after / before - 1) * 100, '%', { aim: { atMost: 10 }, digits: 1 });
}

/** Milliseconds from a new moment in the address to its values on the screen. */
async function replaySeeks(page: Page): Promise<number[]> {
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
