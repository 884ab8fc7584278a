import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ingestOutput } from '../collectors/remote/wire.ts';
import type { FieldEvent } from '../core/field-event.ts';
import { createToken } from '../server/auth/tokens.ts';
import { accessFindingView } from '../server/contracts/access-judgement.ts';
import { page } from '../server/contracts/common.ts';
import { openDatabase } from '../server/db/database.ts';
import { createReport } from './figures.ts';
import { percentile } from './percentile.ts';

/**
 * From the door to the finding through the whole server, with the shipped estate and its simulator running beside it: strangers at twenty
 * doors a second for a minute, then 1,500 door events a second for half a minute. Events come as from a collector elsewhere. Prints each
 * figure beside its aim and asserts none; `--json` prints JSON.
 */
const port = 8_392;
const simulatorPort = 25_000;
const strangersPerS = 20;
const strangersS = 60;
const floodPerS = 1_500;
const floodS = 30;
const eventsAtOnce = 200;
const aimFindingS = 5;
const aimEventsPerS = 1_000;

const command = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'pantau-bench-'));
const base = `http://127.0.0.1:${port}/api/v1`;
const report = createReport();
const tokens = await makeTokens();

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [command, ...args], {
    env: {
      ...process.env,
      PANTAU_PORT: String(port),
      PANTAU_DATA: dataDir,
      PANTAU_SIMULATOR_PORT: String(simulatorPort),
      PANTAU_LOG: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function makeTokens(): Promise<{ readonly collector: string; readonly operator: string }> {
  const db = await openDatabase(join(dataDir, 'operations.db'));
  const means = { now: Date.now(), randomBytes };
  const collector = await createToken(db, { name: 'bench', role: 'collector', sites: ['dc'] }, means);
  const operator = await createToken(db, { name: 'reader', role: 'operator' }, means);
  await db.destroy();
  return { collector, operator };
}

async function answers(url: string): Promise<void> {
  while (!(await fetch(url).then((response) => response.ok, () => false))) await sleep(50); // prettier-ignore
}

/** How many of the events are durably stored. */
async function deliver(events: readonly FieldEvent[]): Promise<number> {
  const response = await fetch(`${base}/ingest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokens.collector}` },
    body: JSON.stringify({ sentAt: Date.now(), events }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return ingestOutput.parse(await response.json()).events?.stored.length ?? 0;
}

let number = 0;
function happened(kind: string, attributes: FieldEvent['attributes']): FieldEvent {
  number += 1;
  const source = `dc/door-hall-${1 + (number % 2)}`;
  const at = Date.now();
  return { id: `${source}#${number}`, source, at, kind, attributes: { part: 'door-1', ...attributes } };
}

/** Seconds from each event to its finding. */
async function findingDelays(): Promise<number[]> {
  const delays: number[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const response = await fetch(
      `${base}/access-findings?kind=no-ticket&limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`,
      { headers: { Authorization: `Bearer ${tokens.operator}` } },
    );
    const { items, next } = page(accessFindingView).parse(await response.json());
    delays.push(...items.map(({ at, foundAt }) => (Date.parse(foundAt) - Date.parse(at)) / 1_000));
    cursor = next;
  }
  return delays;
}

const simulator = start(['simulate']);
const children = [simulator];
try {
  await answers(`http://127.0.0.1:${simulatorPort}/health`);
  children.push(start(['serve', '--no-simulate']));
  await answers(`${base}/health`);
  await sleep(20_000);

  const expected = strangersPerS * strangersS;
  for (let sent = 0; sent < expected; sent += 1) {
    await deliver([happened('access-granted', { card: `stranger-${sent}`, direction: 'in' })]);
    await sleep(1_000 / strangersPerS);
  }
  await sleep(1_000);
  const delays = await findingDelays();
  report.figure('strangers found', (delays.length / expected) * 100, '%', { aim: { atLeast: 100 } });
  report.figure('door to finding, p95', percentile(delays, 0.95), 's', { aim: { atMost: aimFindingS }, digits: 3 }); // prettier-ignore
  report.figure('door to finding, median', percentile(delays, 0.5), 's', { digits: 3 });

  const started = performance.now();
  let stored = 0;
  let sent = 0;
  while (performance.now() - started < floodS * 1_000) {
    const due = Math.floor(((performance.now() - started) / 1_000) * floodPerS) - sent;
    if (due < eventsAtOnce) await sleep(10);
    else {
      stored += await deliver(Array.from({ length: eventsAtOnce }, () => happened('door-closed', {})));
      sent += eventsAtOnce;
    }
  }
  const seconds = (performance.now() - started) / 1_000;
  report.figure('events stored in the flood', stored / seconds, 'events/s', { aim: { atLeast: aimEventsPerS } }); // prettier-ignore
  report.figure('events of the flood lost', sent - stored, 'events', { aim: { atMost: 0 } });
  report.end();
} finally {
  for (const child of children.toReversed()) child.kill('SIGTERM');
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
  rmSync(dataDir, { recursive: true, force: true });
}
