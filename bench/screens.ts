import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { openDatabase } from '../server/db/database.ts';
import { createReport } from './figures.ts';
import { percentile } from './percentile.ts';
import { wallBundle } from './screens/bundle.ts';
import { fillIncidents } from './screens/incidents.ts';
import { openWalls, sitesOf, startFeeder } from './screens/load.ts';
import {
  countTasks,
  firstWall,
  heapMb,
  incidentList,
  launch,
  replaySeeks,
  samplesToPaint,
  signIn,
} from './screens/pages.ts';
import { serve } from './screens/serve.ts';

/**
 * The screens in headless Chromium against their aims, in two parts: the whole estate, simulated (the first wall, its heap over
 * `SCREENS_MINUTES` (1), the replay); then a server that is fed (3,000 changes a second, 50 walls, a list of 1,000 incidents). 60 minutes are
 * the soak of an hour. Prints each figure beside its aim; asserts none.
 */
const minutes = Number(process.env['SCREENS_MINUTES'] ?? 1);
const port = Number(process.env['PANTAU_PORT'] ?? 8_392);
const simulatorPort = Number(process.env['PANTAU_SIMULATOR_PORT'] ?? 26_000);
const walls = 50;
const openIncidents = 1_000;

const dataDir = mkdtempSync(join(tmpdir(), 'pantau-screens-'));
const { note, figure, end } = createReport();
const bundle = wallBundle(fileURLToPath(new URL('../web', import.meta.url)));
figure('files of the wall, gzip', bundle / 1_000, 'kB', { aim: { atMost: 250 }, digits: 1 });
let browser: Browser | undefined;
try {
  browser = await launch();
  await simulated(browser, join(dataDir, 'simulated'));
  await fed(browser, join(dataDir, 'fed'));
} finally {
  await browser?.close();
  rmSync(dataDir, { recursive: true, force: true });
}
end();

/** The estate as it is shipped, at its own pace. */
async function simulated(chromium: Browser, folder: string): Promise<void> {
  const server = await serve({ port, dataDir: folder, simulatorPort, flags: ['--simulate'] });
  try {
    // Every device has been polled before anything is timed.
    await sleep(20_000);
    const page = await chromium.newPage({ viewport: { width: 1920, height: 1080 }, bypassCSP: true });
    await signIn(page, server.url);
    figure('first wall with data', await firstWall(page, server.url), 's', { aim: { atMost: 2 }, digits: 2 });
    await sleep(60_000);
    const before = await heapMb(page);
    const tasks = await countTasks(page, minutes * 60_000);
    const after = await heapMb(page);
    figure(`tasks over 50 ms in ${minutes} min`, tasks.length, '', { aim: { atMost: 0 } });
    if (tasks.length > 0) note(`the longest took ${Math.max(...tasks)} ms`);
    figure('heap of the wall after', after, 'MB', { digits: 1 });
    figure('growth of the heap', (after / before - 1) * 100, '%', { aim: { atMost: 10 }, digits: 1 });
    const replay = await replaySeeks(page, server.url);
    figure('seek of the replay, median', percentile([...replay], 0.5), 'ms', { aim: { atMost: 300 } });
    figure('seek of the replay, slowest', Math.max(...replay), 'ms');
    await page.close();
  } finally {
    await server.stop();
  }
}

/** What no field of this machine delivers: a change of every rack every second, fifty walls, a thousand open incidents. */
async function fed(chromium: Browser, folder: string): Promise<void> {
  const flags = ['--no-simulate', '--no-collectors'];
  const first = await serve({ port, dataDir: folder, flags });
  const tokens = { collector: first.token('collector'), wall: first.token('wall') };
  await first.stop();
  const db = await openDatabase(join(folder, 'operations.db'));
  await fillIncidents(db, openIncidents, Date.now());
  await db.destroy();
  const server = await serve({ port, dataDir: folder, flags });
  try {
    const sites = await sitesOf(server, tokens.wall);
    const page = await chromium.newPage({ viewport: { width: 1920, height: 1080 }, bypassCSP: true });
    await signIn(page, server.url);
    const lists = await incidentList(page, server.url);
    figure(`list of ${openIncidents} incidents, median`, percentile(lists, 0.5), 'ms', {
      aim: { atMost: 300 },
    });
    await page.goto(server.url);
    const feeder = startFeeder(server, { token: tokens.collector, sites });
    await sleep(20_000);
    const one = await openWalls(server, { token: tokens.wall, sites, count: 1 });
    one.begin();
    const begun = performance.now();
    const tasks = await countTasks(page, 30_000);
    // Under what load the next figure was taken: less than this would make it worth nothing.
    const seconds = (performance.now() - begun) / 1_000;
    figure('changes on a wall in a second', one.changesOfEach() / seconds, '', { aim: { atLeast: 3_000 } });
    figure('tasks over 50 ms in 30 s of them', tasks.length, '', { aim: { atMost: 0 } });
    if (tasks.length > 0) note(`the longest took ${Math.max(...tasks)} ms`);
    one.close();
    const all = await openWalls(server, { token: tokens.wall, sites, count: walls - 1 });
    await sleep(5_000);
    all.begin();
    const paints = await samplesToPaint(page, 30_000);
    figure(`sample to receipt, p99 of ${walls - 1} clients`, all.p99(), 'ms', { aim: { atMost: 1_000 } });
    figure('sample to paint, p99 of a wall beside them', percentile(paints, 0.99), 'ms', {
      aim: { atMost: 1_000 },
    });
    if (feeder.problem() !== '') note(`refused: ${feeder.problem()}`);
    all.close();
    await feeder.stop();
    await page.close();
  } finally {
    await server.stop();
  }
}
