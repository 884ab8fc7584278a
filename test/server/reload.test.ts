import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { io } from 'socket.io-client';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createReloader } from '../../cli/reload.ts';
import { withOperations } from '../../cli/operations.ts';
import { loadConfig } from '../../config/load.ts';
import { systemClock } from '../../core/clock.ts';
import { startApp } from '../../server/app.ts';
import { createToken } from '../../server/auth/tokens.ts';
import { healthView } from '../../server/contracts/system.ts';
import { openEmbeddedHistorian } from '../../server/historian/embedded/embedded.ts';
import { eventually, silentLog } from '../support/field.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const sensor = (name: string): string =>
  `  - { device: ${name}, profile: env/hwg-ste, address: 192.0.2.9, room: hall, position: room, parts: { sensors: [s] } }\n`;
const site = (sensors: readonly string[]): string => `name: DRC
building: Gedung uji
standard: drc
impact: tinggi
collector: remote
rooms: [{ room: hall, kind: data-hall, name: { id: Ruang data, en: Data hall } }]
devices:
${sensors.map(sensor).join('')}`;
/** As shipped, without the delay. */
const rules = `rules:
  - rule: temperature-high
    name: { id: Suhu tinggi, en: Temperature high }
    discipline: cooling
    points: { quantity: [temperature], position: [room] }
    when: { above: { standard: temperature.max } }
    urgency: sedang
`;

const alarmList = z.object({
  items: z.array(z.object({ id: z.string(), rule: z.string(), incident: z.string().nullable() })),
});

async function installation() {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pantau-reload-'));
  cleanups.push(() => rm(dir, { recursive: true }));
  const config = path.join(dir, 'config');
  const dataDir = path.join(dir, 'data');
  for (const each of [path.join(config, 'sites'), path.join(config, 'rules'), dataDir])
    await mkdir(each, { recursive: true });
  const write = (file: string, text: string): Promise<void> => writeFile(path.join(config, file), text);
  await write(
    'pantau.yaml',
    'field: real\nsites: [drc]\nstandard: sc-11-2023\nintervals: { safety: 1s, power: 1s, normal: 1s, slow: 5s }\n',
  );
  await write('rules/own.yaml', rules);
  await write('sites/drc.yaml', site(['env-1', 'env-2', 'env-3']));
  const token = (name: string, role: 'collector' | 'viewer'): Promise<string> =>
    withOperations({ PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: undefined }, (db, means) =>
      createToken(db, { name, role, ...(role === 'collector' ? { sites: ['drc'] } : {}) }, means),
    );
  const tokens = { collector: await token('far', 'collector'), viewer: await token('reader', 'viewer') };
  const load = () => loadConfig(config, { env: {} });
  const loaded = load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  let problem = (): string | undefined => undefined;
  const app = await startApp({
    model: loaded.model, allProfiles: () => Promise.resolve([]), clock: systemClock, log: silentLog, randomBytes, version: '0', dataDir, influxUrl: undefined,
    host: '127.0.0.1', port: 0, adminPassword: 'hanya-untuk-uji', webDir: dataDir, collect: false, drills: undefined,
    configurationProblem: () => problem(),
  }); // prettier-ignore
  cleanups.push(() => app.close());
  const reloader = createReloader({
    load,
    log: silentLog,
    apply: (model) => app.reload({ model, drills: undefined }),
  });
  problem = () => reloader.problem();
  const ask = async (role: keyof typeof tokens, where: string, body?: unknown): Promise<Response> =>
    fetch(`${app.url}/api/v1/${where}`, {
      headers: { Authorization: `Bearer ${tokens[role]}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  const reload = (): Promise<void> => {
    reloader.request();
    return reloader.idle();
  };
  return { app, config, dataDir, write, ask, reload, tokens, problem: () => reloader.problem() };
}

let sequence = 0;
function message(point: string, value: number, at: number) {
  sequence += 1;
  const batch = { run: 'run00000001', sequence, settled: 1, live: true, points: [point], point: [0], at: [at], value: [value], quality: [0] };
  return { sentAt: Date.now(), batch };
} // prettier-ignore

test('a changed configuration takes effect under load: nothing accepted is lost, alarms and values go on', async () => {
  const { app, dataDir, write, ask, reload, tokens } = await installation();
  const hot = await ask('collector', 'ingest', message('drc/env-2/s/temperature', 31, Date.now()));
  expect(hot.status).toBe(200);
  const active = async () => alarmList.parse(await (await ask('viewer', 'alarms')).json()).items;
  await eventually(
    'the alarm is in an incident',
    async () => typeof (await active())[0]?.incident === 'string',
  );
  const alarmsBefore = await active();

  let snapshots = 0;
  const page = io(app.url, { path: '/live', auth: { token: tokens.viewer }, reconnectionDelay: 50 });
  cleanups.push(() => page.close());
  page.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') page.connect();
  });
  page.on('connect', () => {
    page.emit('watch', ['drc/env-1/s/temperature'], () => (snapshots += 1));
  });
  await eventually('the page has its first picture', () => snapshots === 1);

  const accepted: number[] = [];
  const answers = new Set<number>();
  const stop = new AbortController();
  const load = (async () => {
    for (let value = 1; !stop.signal.aborted; value += 1) {
      const response = await ask(
        'collector',
        'ingest',
        message('drc/env-1/s/temperature', value / 100, Date.now()),
      );
      answers.add(response.status);
      if (response.status === 200) accepted.push(value / 100);
      await response.text();
    }
  })();
  await eventually('load', () => accepted.length > 20);
  await write('sites/drc.yaml', site(['env-0', 'env-2', 'env-1', 'env-4']));
  await reload();
  const atReload = accepted.length;
  await eventually('load goes on', () => accepted.length > atReload + 20);
  stop.abort();
  await load;

  expect([...answers]).toEqual([200]);
  expect(await active()).toEqual(alarmsBefore);
  expect((await ask('viewer', 'points/drc%2Fenv-3%2Fs%2Ftemperature')).status).toBe(404);
  expect((await ask('viewer', 'points/drc%2Fenv-4%2Fs%2Ftemperature')).status).toBe(200);
  const carried: unknown = await (await ask('viewer', 'points/drc%2Fenv-2%2Fs%2Ftemperature')).json();
  expect(carried).toMatchObject({ value: 31, quality: 'good' });
  await eventually('the open page has a new picture', () => snapshots === 2);

  await app.close();
  const historian = await openEmbeddedHistorian({ path: path.join(dataDir, 'readings.db'), log: silentLog });
  cleanups.push(() => historian.close());
  const range = { from: 0, to: Date.now() + 86_400_000 };
  const stored = await historian.raw('drc/env-1/s/temperature', range, 1_000_000);
  const values = new Set(stored.map(({ value }) => value));
  expect(accepted.filter((value) => !values.has(value))).toEqual([]);
}, 60_000);

test('a broken configuration is reported with file and line, and the one before goes on', async () => {
  const { config, write, ask, reload, problem } = await installation();
  const health = async () => healthView.parse(await (await ask('viewer', 'health')).json());
  const part = async () => (await health()).parts.find((each) => each.part === 'configuration');
  expect(await part()).toEqual({ part: 'configuration', status: 'ok', detail: null });
  const before = await readFile(path.join(config, 'sites/drc.yaml'), 'utf8');
  await write('sites/drc.yaml', before.replace('impact: tinggi', 'impact: [tinggi'));
  await reload();
  expect(problem()).toMatch(
    /^the changed configuration is not valid, the one before goes on: .*sites\/drc\.yaml:\d+/,
  );
  expect(await part()).toEqual({ part: 'configuration', status: 'degraded', detail: problem() });
  expect((await ask('viewer', 'points/drc%2Fenv-3%2Fs%2Ftemperature')).status).toBe(200);

  await write('sites/drc.yaml', before);
  await reload();
  expect(await part()).toEqual({ part: 'configuration', status: 'ok', detail: null });
}, 60_000);
