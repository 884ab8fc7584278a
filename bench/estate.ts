import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { isUsable } from '../core/reading.ts';
import { loadConfig } from '../config/load.ts';
import type { Model, Point } from '../config/model.ts';
import { livePath, type LiveValues } from '../server/contracts/live.ts';
import { createReport } from './figures.ts';
import { percentile } from './percentile.ts';
import { cpuSeconds, residentMb, startEnvironment } from './process.ts';

/**
 * The whole estate against its aims: from a built checkout, simulator in a process of its own (counted apart), 30 s of
 * warm-up, 60 s counted. Prints each figure beside its aim; asserts none.
 */
const warmUpMs = 30_000;
const countedMs = 60_000;
const snapshots = 9;
const port = 8_391;
const simulatorPort = 25_000;
const password = 'bench-only-password';

const command = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'pantau-bench-'));
const environment = {
  ...process.env,
  ...startEnvironment,
  PANTAU_PORT: String(port),
  PANTAU_DATA: dataDir,
  PANTAU_SIMULATOR_PORT: String(simulatorPort),
  PANTAU_ADMIN_PASSWORD: password,
  PANTAU_LOG: 'warn',
};
const base = `http://127.0.0.1:${port}/api/v1`;
const { note, figure, end } = createReport();

function start(args: readonly string[]): ChildProcess & { pid: number } {
  const child = spawn(process.execPath, [command, ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args.join(' ')} did not start`);
  return Object.assign(child, { pid });
}

async function answers(url: string): Promise<void> {
  while (!(await fetch(url).then((response) => response.ok, () => false))) await sleep(50); // prettier-ignore
}

async function cookie(): Promise<string> {
  const response = await fetch(`${base}/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password }),
  });
  return response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; '); // prettier-ignore
}

/** Until the whole answer is there: in the form that is made for the whole estate, or as a list of points. */
type SnapshotForm = '/snapshot/columns' | '/snapshot';
async function snapshotMs(
  form: SnapshotForm,
  headers: Record<string, string>,
  agoMs: number | undefined,
): Promise<number> {
  const at =
    agoMs === undefined ? '' : `?at=${encodeURIComponent(new Date(Date.now() - agoMs).toISOString())}`;
  const begun = performance.now();
  const response = await fetch(`${base}${form}${at}`, {
    headers: { ...headers, 'Accept-Encoding': 'identity' },
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${form}${at} answers ${response.status}`);
  return performance.now() - begun;
}

/** A page that shows every point: when it was full, and the latencies from source time to its handler. */
interface Page {
  /** Every rack has its temperature, humidity, power and load after the loss of a feed. */
  readonly full: Promise<void>;
  /** Of what changed in the classes that are pushed, and of everything; `forget` begins again. */
  readonly pushed: number[];
  readonly all: number[];
  forget(): void;
  close(): void;
}

async function openPage(model: Model, headers: Record<string, string>): Promise<Page> {
  const socket = io(`http://127.0.0.1:${port}`, {
    path: livePath,
    transports: ['websocket'],
    extraHeaders: headers,
  });
  const pushed: number[] = [];
  const all: number[] = [];
  const last = new Map<number, number | null>();
  const isPushed = model.points.map(
    (point) => point.source.from === 'device' && (point.unit === 'state' || point.intervalMs <= 2_000),
  );
  const awaited = new Set(model.points.filter(isOfRackPicture).map((point) => point.index));
  let whenFull: (() => void) | undefined;
  const full = new Promise<void>((resolve) => (whenFull = resolve));
  const take = (values: LiveValues): void => {
    const now = Date.now();
    for (const [place, position] of values.position.entries()) {
      const value = values.value[place] ?? null;
      const latency = now - (values.at[place] ?? 0);
      if (isUsable(values.quality[place] ?? 0)) {
        awaited.delete(position);
        all.push(latency);
        if (isPushed[position] === true && last.get(position) !== value) pushed.push(latency);
      }
      last.set(position, value);
    }
    if (awaited.size === 0) whenFull?.();
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject);
    const ids = model.points.map((point) => point.id);
    socket.emit('watch', ids, (reply: { values: LiveValues } | { error: string }) => {
      if ('error' in reply) return reject(new Error(reply.error));
      take(reply.values);
      return resolve();
    });
  });
  socket.on('values', take);
  const forget = (): void => {
    pushed.length = 0;
    all.length = 0;
  };
  return { full, pushed, all, forget, close: () => void socket.close() };
}

function isOfRackPicture(point: Point): boolean {
  if (point.owner.kind === 'rack') return true;
  return (
    point.rack !== undefined &&
    point.position === 'inlet' &&
    ['temperature', 'humidity'].includes(point.quantity)
  );
}

const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');
const { model } = loaded;

const simulator = start(['simulate']);
const children: ChildProcess[] = [simulator];
try {
  await answers(`http://127.0.0.1:${simulatorPort}/health`);
  const startedAt = Date.now();
  const server = start(['serve', '--no-simulate']);
  children.push(server);
  await answers(`${base}/health`);
  const readyMs = Date.now() - startedAt;
  const headers = { Cookie: await cookie() };
  const page = await openPage(model, headers);
  await page.full;
  const pictureMs = Date.now() - startedAt;
  note(
    `${model.points.length} points, ${model.devices.length} devices, ${model.racks.length} racks; warm-up ${warmUpMs / 1_000} s, counted ${countedMs / 1_000} s`,
  );
  figure('ready', readyMs / 1_000, 's', { digits: 1 });
  figure('first full picture', pictureMs / 1_000, 's', { digits: 1, aim: { atMost: 15 } });

  await sleep(warmUpMs);
  page.forget();
  const before = { server: cpuSeconds(server.pid), simulator: cpuSeconds(simulator.pid), at: Date.now() };
  let peakMb = 0;
  while (Date.now() - before.at < countedMs) {
    await sleep(1_000);
    peakMb = Math.max(peakMb, residentMb(server.pid));
  }
  const seconds = (Date.now() - before.at) / 1_000;
  const share = (cpu: number): number => (cpu / seconds) * 100;
  figure('server and collectors', share(cpuSeconds(server.pid) - before.server), '% of a core', {
    digits: 1,
    aim: { atMost: 25 },
  });
  figure('server and collectors, memory at peak', peakMb, 'MB', { aim: { atMost: 400 } });
  figure('simulator, counted apart', share(cpuSeconds(simulator.pid) - before.simulator), '% of a core', {
    digits: 1,
  });
  figure('simulator, memory', residentMb(simulator.pid), 'MB');
  for (const [name, values, aim] of [
    ['pushed change', page.pushed, { aim: { atMost: 1_000 } }],
    ['every value', page.all, {}],
  ] as const) {
    figure(`sample to wall, ${name}, p50`, percentile(values, 0.5), 'ms');
    figure(`sample to wall, ${name}, p99`, percentile(values, 0.99), 'ms', aim);
    note(`  of ${values.length}`);
  }
  page.close();
  for (const [name, ago] of [
    ['now', undefined],
    ['half a minute ago', 30_000],
  ] as const) {
    for (const [form, label, aim] of [
      ['/snapshot/columns', 'in columns', { aim: { atMost: 200 } }],
      ['/snapshot', 'as a list', {}],
    ] as const) {
      const times: number[] = [];
      for (let i = 0; i < snapshots; i += 1) times.push(await snapshotMs(form, headers, ago));
      figure(`every point ${name}, ${label}, over HTTP, p50`, percentile(times, 0.5), 'ms', aim);
    }
  }
} finally {
  for (const child of children.toReversed()) child.kill('SIGTERM');
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
  rmSync(dataDir, { recursive: true, force: true });
}
end();
