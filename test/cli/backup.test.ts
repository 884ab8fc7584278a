import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { execFile } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { manifestName, readManifest } from '../../cli/backup-manifest.ts';
import { makeBackup } from '../../cli/backup.ts';
import { withOperations } from '../../cli/operations.ts';
import { restoreBackup } from '../../cli/restore.ts';
import { addUser } from '../../cli/user.ts';
import { loadConfig } from '../../config/load.ts';
import { openDiskBuffer } from '../../core/buffer/disk.ts';
import { systemClock } from '../../core/clock.ts';
import { startApp, type App } from '../../server/app.ts';
import { createToken } from '../../server/auth/tokens.ts';
import { historyView } from '../../server/contracts/points.ts';
import { eventually, silentLog } from '../support/field.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function temporary(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'pantau-backup-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const site = `name: DRC
building: Gedung uji
standard: drc
impact: tinggi
collector: remote
rooms: [{ room: hall, kind: data-hall, name: { id: Ruang data, en: Data hall } }]
devices:
  - { device: env-1, profile: env/hwg-ste, address: 192.0.2.9, room: hall, position: room, parts: { sensors: [s] } }
`;
/** As shipped, without the delay. */
const rules = `rules:
  - rule: temperature-high
    name: { id: Suhu tinggi, en: Temperature high }
    discipline: cooling
    points: { quantity: [temperature], position: [room] }
    when: { above: { standard: temperature.max } }
    urgency: sedang
`;
const root =
  'field: real\nsites: [drc]\nstandard: sc-11-2023\nintervals: { safety: 1s, power: 1s, normal: 1s, slow: 5s }\n';
const point = 'drc/env-1/s/temperature';
const password = 'hanya-untuk-uji';

function installation(dir: string): { config: string; dataDir: string } {
  const config = path.join(dir, 'config');
  for (const [file, text] of [['pantau.yaml', root], ['rules/own.yaml', rules], ['sites/drc.yaml', site]] as const) {
    mkdirSync(path.dirname(path.join(config, file)), { recursive: true });
    writeFileSync(path.join(config, file), text);
  } // prettier-ignore
  return { config, dataDir: path.join(dir, 'data') };
}

async function run(config: string, dataDir: string): Promise<App> {
  const loaded = loadConfig(config, { env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const app = await startApp({
    model: loaded.model, allProfiles: () => Promise.resolve([]), clock: systemClock, log: silentLog, randomBytes, version: '0', dataDir, influxUrl: undefined,
    host: '127.0.0.1', port: 0, adminPassword: password, webDir: config, collect: false, drills: undefined,
  }); // prettier-ignore
  cleanups.push(() => app.close());
  return app;
}

const asker = (app: App, token: string) => async (where: string, body?: unknown) => {
  const response = await fetch(`${app.url}/api/v1/${where}`, {
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const json: unknown = response.status === 204 ? null : await response.json();
  return { status: response.status, json };
};

const incidents = z.object({
  items: z.array(z.looseObject({ id: z.string(), acknowledgedBy: z.string().nullable() })),
});

test('a server that lost its data folder goes on from the backup: users, incidents, files, every acknowledged reading', async () => {
  const dir = temporary();
  const { config, dataDir } = installation(dir);
  const place = { PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: undefined, PANTAU_INFLUX_URL: undefined };
  const tokens = await withOperations(place, async (db, means) => {
    await addUser(db, { name: 'sari', role: 'operator', password: 'rahasia-sari' }, means);
    return {
      collector: await createToken(db, { name: 'far', role: 'collector', sites: ['drc'] }, means),
      operator: await createToken(db, { name: 'desk', role: 'operator' }, means),
    };
  });
  const app = await run(config, dataDir);
  const collector = asker(app, tokens.collector);
  const operator = asker(app, tokens.operator);

  let sequence = 0;
  const acknowledged = new Map<number, number>();
  const send = async (value: number): Promise<void> => {
    sequence += 1;
    const at = Date.now();
    const batch = { run: 'run00000001', sequence, settled: 1, live: true, points: [point], point: [0], at: [at], value: [value], quality: [0] };
    const { status } = await collector('ingest', { sentAt: at, batch });
    if (status === 200) acknowledged.set(at, value);
  }; // prettier-ignore
  await send(31.5);
  const open = async (ask: typeof operator) => incidents.parse((await ask('incidents')).json).items;
  await eventually('the incident is there', async () => (await open(operator)).length === 1);
  const [incident] = await open(operator);
  expect((await operator(`incidents/${incident?.id}/ack`, {})).status).toBe(200);
  mkdirSync(path.join(dataDir, 'attachments'), { recursive: true });
  writeFileSync(path.join(dataDir, 'attachments', 'foto'), randomBytes(2_000));

  // A buffer that its owner holds to itself, as before InfluxDB or at a remote site.
  const spool = path.join(dataDir, 'spool-drc', 'spool.db');
  mkdirSync(path.dirname(spool), { recursive: true });
  const holder = openDiskBuffer({ path: spool, limitBytes: 1e9, log: silentLog, now: () => Date.now() });
  holder.put([{ point, at: 1, value: 20, quality: 0 }]);
  cleanups.push(() => holder.close());

  const stop = new AbortController();
  const load = (async () => {
    for (let value = 0; !stop.signal.aborted; value += 1) {
      await send(25 + (value % 50) / 10);
      await sleep(20);
    }
  })();
  cleanups.push(() => {
    stop.abort();
    return load;
  });
  await eventually('load', () => acknowledged.size > 20);
  const before = new Map(acknowledged);
  const out = path.join(dir, 'backup.tar.gz');
  // In a process of its own, as people run it.
  const child = fileURLToPath(new URL('backup-child.ts', import.meta.url));
  const made = await promisify(execFile)(process.execPath, ['--import', 'tsx', child, dataDir, config, out]);
  expect(made.stdout).toMatch(/\d+ files/);
  const during = acknowledged.size;
  await eventually('the server goes on', () => acknowledged.size > during + 5);
  stop.abort();
  await load;
  const known = await open(operator);
  await app.close();
  holder.close();
  rmSync(dataDir, { recursive: true });
  rmSync(config, { recursive: true });

  await restoreBackup({ backup: out, dataDir, configDir: config, progress: () => undefined });
  expect(readFileSync(path.join(config, 'sites/drc.yaml'), 'utf8')).toBe(site);
  expect(readdirSync(path.join(dataDir, 'attachments'))).toEqual(['foto']);
  const again = openDiskBuffer({ path: spool, limitBytes: 1e9, log: silentLog, now: () => Date.now() });
  expect(again.next()?.readings).toMatchObject([{ point, at: 1, value: 20 }]);
  again.close();

  const restored = await run(config, dataDir);
  const ask = asker(restored, tokens.operator);
  const [same] = await open(ask);
  expect(same).toMatchObject({ id: incident?.id, acknowledgedBy: known[0]?.acknowledgedBy });
  const signIn = await fetch(`${restored.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'sari', password: 'rahasia-sari' }),
  });
  expect(signIn.status).toBeLessThan(300);
  const history = historyView.parse(
    (await ask(`points/${encodeURIComponent(point)}/history?resolution=raw`)).json,
  );
  const values = new Map(
    history.items.flatMap((item) => ('value' in item ? [[Date.parse(item.at), item.value]] : [])),
  );
  expect([...before].filter(([at, value]) => values.get(at) !== value)).toEqual([]);
}, 120_000);

/** An installation that never ran, and its backup; made once. */
let shelf = '';
beforeAll(async () => {
  shelf = mkdtempSync(path.join(os.tmpdir(), 'pantau-shelf-'));
  const { config, dataDir } = installation(shelf);
  const place = { PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: undefined, PANTAU_INFLUX_URL: undefined };
  await withOperations(place, async () => undefined);
  const out = path.join(shelf, 'backup');
  await makeBackup(place, { out, configDir: config, version: '0.1.0', now: 0, progress: () => undefined });
});
afterAll(() => rmSync(shelf, { recursive: true, force: true }));

function smallBackup(): { dir: string; out: string } {
  const dir = temporary();
  cpSync(shelf, dir, { recursive: true });
  return { dir, out: path.join(dir, 'backup') };
}

test('a backup that cannot be trusted is refused with the reason, and nothing is written', async () => {
  const { dir, out } = smallBackup();
  const target = path.join(dir, 'new');
  const restoring = (change: (copy: string) => void): Promise<unknown> => {
    const copy = path.join(temporary(), 'backup');
    cpSync(out, copy, { recursive: true });
    change(copy);
    return restoreBackup({ backup: copy, dataDir: target, progress: () => undefined });
  };
  const edited = (edit: Record<string, unknown>) => (copy: string) =>
    writeFileSync(path.join(copy, manifestName), JSON.stringify({ ...readManifest(copy), ...edit }));
  const database = (copy: string): string => path.join(copy, 'data/operations.db');

  await expect(restoring((copy) => rmSync(path.join(copy, manifestName)))).rejects.toThrow(
    /no whole backup.*take another/,
  );
  await expect(restoring((copy) => writeFileSync(path.join(copy, manifestName), '{'))).rejects.toThrow(
    /no whole backup/,
  );
  await expect(restoring((copy) => rmSync(database(copy)))).rejects.toThrow('data/operations.db is missing');
  await expect(
    restoring((copy) => {
      const bytes = readFileSync(database(copy));
      bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
      writeFileSync(database(copy), bytes);
    }),
  ).rejects.toThrow(/operations.db in the backup is damaged/);
  await expect(restoring(edited({ format: 2, version: '9.0.0' }))).rejects.toThrow(
    /newer version of Pantau \(9\.0\.0\)/,
  );
  await expect(restoring(edited({ migrations: ['999-next'] }))).rejects.toThrow(/newer version.*999-next/);
  await expect(
    restoring(edited({ files: [{ path: 'data/../../etc/x', bytes: 0, sha256: '0'.repeat(64) }] })),
  ).rejects.toThrow(/is damaged: files\.0\.path/);
  const notTar = path.join(temporary(), 'x.tar');
  writeFileSync(notTar, 'no archive at all');
  await expect(restoreBackup({ backup: notTar, dataDir: target, progress: () => undefined })).rejects.toThrow(
    /cannot be unpacked/,
  );
  expect(existsSync(target)).toBe(false);
  expect(readdirSync(dir).toSorted()).toEqual(['backup', 'config', 'data']);
});

test('nothing that is there is overwritten', async () => {
  const { dir, out } = smallBackup();
  const used = path.join(dir, 'data');
  await expect(restoreBackup({ backup: out, dataDir: used, progress: () => undefined })).rejects.toThrow(
    /is not empty/,
  );
  const place = { PANTAU_DATA: used, PANTAU_DATABASE_URL: undefined, PANTAU_INFLUX_URL: undefined };
  const options = { configDir: path.join(dir, 'config'), version: '0', now: 0, progress: () => undefined };
  await expect(makeBackup(place, { ...options, out })).rejects.toThrow(/is there already/);
  await expect(makeBackup(place, { ...options, out: path.join(used, 'b') })).rejects.toThrow(/lies inside/);
  await expect(
    makeBackup({ ...place, PANTAU_DATA: path.join(dir, 'config') }, { ...options, out: path.join(dir, 'x') }),
  ).rejects.toThrow(/no data folder/);
});

test('a restore that was cut short is no new installation', async () => {
  const { dir, out } = smallBackup();
  const target = path.join(dir, 'new');
  await restoreBackup({ backup: out, dataDir: target, progress: () => undefined });
  // It is written last.
  rmSync(path.join(target, 'operations.db'));
  const place = { PANTAU_DATA: target, PANTAU_DATABASE_URL: undefined };
  await expect(withOperations(place, async () => undefined)).rejects.toThrow(
    /missing although it was in use/,
  );
});

test('readings that are elsewhere are named with the command that saves them', async () => {
  const { dir } = smallBackup();
  const place = { PANTAU_DATA: path.join(dir, 'data'), PANTAU_DATABASE_URL: undefined, PANTAU_INFLUX_URL: 'http://u:secret@influx:8086/dcim' };
  const made = await makeBackup(place, { out: path.join(dir, 'b2'), configDir: path.join(dir, 'config'), version: '0', now: 0, progress: () => undefined });
  expect(made.notIncluded.join()).toMatch(/influxd backup -portable -database dcim DIR .*influxd restore -portable -db dcim DIR/);
  expect(JSON.stringify(made)).not.toMatch('secret');
}); // prettier-ignore
