import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../server/db/database.ts';
import { createReport } from './figures.ts';
import { percentile } from './percentile.ts';
import { fillIncidents } from './screens/incidents.ts';
import { openWalls, sitesOf, startFeeder } from './screens/load.ts';
import { heapMb, launch, signIn } from './screens/pages.ts';
import { serve } from './screens/serve.ts';

/**
 * A wall at ten times what the estate delivers: 3,000 changes a second, a thousand open incidents. Its heap after a collection, every
 * minute of `WALL_MINUTES` (60); the first five are warm-up, then the medians of the first and last five are compared.
 */
const minutes = Number(process.env['WALL_MINUTES'] ?? 60);
const port = Number(process.env['PANTAU_PORT'] ?? 8_393);
const warmUp = 5;
const compared = 5;
const flags = ['--no-simulate', '--no-collectors'];

const dataDir = mkdtempSync(join(tmpdir(), 'pantau-wall-heap-'));
const { note, figure, end } = createReport();
const browser = await launch();
try {
  const first = await serve({ port, dataDir, flags });
  const tokens = { collector: first.token('collector'), wall: first.token('wall') };
  await first.stop();
  const db = await openDatabase(join(dataDir, 'operations.db'));
  await fillIncidents(db, 1_000, Date.now());
  await db.destroy();
  const server = await serve({ port, dataDir, flags });
  try {
    const sites = await sitesOf(server, tokens.wall);
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, bypassCSP: true });
    page.setDefaultTimeout(120_000);
    await signIn(page, server.url);
    const feeder = startFeeder(server, { token: tokens.collector, sites });
    const beside = await openWalls(server, { token: tokens.wall, sites, count: 1 });
    const heaps: number[] = [];
    for (let minute = 1; minute <= minutes; minute += 1) {
      beside.begin();
      await sleep(60_000);
      const changes = beside.changesOfEach() / 60;
      heaps.push(await heapMb(page));
      note(`minute ${minute}: ${heaps.at(-1)?.toFixed(1)} MB, ${changes.toFixed(0)} changes/s`);
    }
    if (feeder.problem() !== '') note(`refused: ${feeder.problem()}`);
    const settledHeaps = heaps.slice(warmUp);
    const early = percentile(settledHeaps.slice(0, compared), 0.5);
    const late = percentile(settledHeaps.slice(-compared), 0.5);
    figure(`heap, minutes ${warmUp + 1} to ${warmUp + compared}`, early, 'MB', { digits: 1 });
    figure('heap, last minutes', late, 'MB', { digits: 1 });
    figure('growth of the heap', (late / early - 1) * 100, '%', { aim: { atMost: 10 }, digits: 1 });
    beside.close();
    await feeder.stop();
    await page.close();
  } finally {
    await server.stop();
  }
} finally {
  await browser.close();
  rmSync(dataDir, { recursive: true, force: true });
}
end();
