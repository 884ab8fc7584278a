import { untilPassesInTime } from '../../support/until-passes.ts';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { UnavailableError } from '../../../core/unavailable.ts';
import { openPack } from '../../../server/historian/embedded/codec/pack.ts';
import { openEmbeddedHistorian } from '../../../server/historian/embedded/embedded.ts';
import { openStore } from '../../../server/historian/embedded/store.ts';
import type { BucketResolution, Historian } from '../../../server/historian/historian.ts';
import { capturedLog } from '../support/http.ts';
import {
  everything,
  facts,
  manualClock,
  reading,
  sample,
  silent,
  start,
  temporaryFolder,
} from './support.ts';

const minute = 60_000;
let folder = '';
let path = '';
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'readings.db');
});
afterEach(() => rm(folder, { recursive: true }));

async function opened(
  options: Partial<Parameters<typeof openEmbeddedHistorian>[0]> = {},
): Promise<Historian> {
  const historian = await openEmbeddedHistorian({ path, log: silent, ...options });
  onTestFinished(() => historian.close());
  return historian;
}

/** A file of many pages, closed in order. */
async function filled(): Promise<void> {
  const clock = manualClock(start + 100 * minute);
  const historian = await openEmbeddedHistorian({ path, log: silent, clock });
  for (let i = 0; i < 60; i += 1) {
    const batch = Array.from({ length: 600 }, (_, p) =>
      reading(`dc/p-${p}`, start + i * minute, Math.random()),
    );
    await historian.append(batch);
  }
  await clock.advance(minute);
  await historian.append([]);
  await historian.close();
  // Else the log still holds the pages, and SQLite mends the file from it.
  const database = new DatabaseSync(path);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
}

const pageBytes = 4_096;
function overwritePage(page: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, page * pageBytes);
  closeSync(file);
}

/** Whether the store works: it takes a reading and gives it back. */
async function works(historian: Historian): Promise<void> {
  await historian.append([reading('dc/new', start, 5)]);
  expect(await historian.raw('dc/new', everything, 10)).toEqual([sample(start, 5)]);
}

const asideFiles = (): string[] =>
  readdirSync(folder).filter((name) => /^readings\.db\.damaged-\d+$/.test(name));

describe('a damaged file of readings at the start', () => {
  test.each([
    ['that is no database', () => writeFileSync(path, 'this is no database, and long enough'.repeat(100))],
    ['with a bad header', () => overwritePage(0)],
    ['that is truncated', () => truncateSync(path, Math.floor(readFileSync(path).length / 3))],
    ['truncated within its first page', () => truncateSync(path, 1_000)],
  ])('%s is set aside, a new one is begun, and log and health say so', async (_, damage) => {
    await filled();
    damage();
    const { log, lines } = capturedLog();
    const historian = await opened({ log });
    await historian.last().catch(() => undefined);
    await expect.poll(asideFiles, { timeout: 20_000 }).toHaveLength(1);
    await expect
      .poll(() => historian.problem(), { timeout: 20_000 })
      .toMatch(/was damaged .* set aside as .*damaged-/);
    await works(historian);
    expect(lines.join('')).toContain('is set aside as');
  });

  test.each(Array.from({ length: 12 }, (_, i) => i))(
    'never ends the start, whichever page is damaged (%i)',
    async (step) => {
      await filled();
      const pages = readFileSync(path).length / pageBytes;
      overwritePage(Math.floor((pages / 12) * step));
      const historian = await opened();
      // What is read of a damaged file either comes, or is refused with a reason; nothing else.
      for (const point of ['dc/p-0', 'dc/p-300', 'dc/p-599']) {
        const answer = await historian.raw(point, everything, 100).catch((error: unknown) => error);
        expect(Array.isArray(answer) || answer instanceof UnavailableError, String(answer)).toBe(true);
      }
      await expect
        .poll(() => historian.append([reading('dc/new', start, 5)]).then(() => 'taken', String), {
          timeout: 20_000,
        })
        .toBe('taken');
      await works(historian);
    },
  );
});

describe('while it runs', () => {
  test('a file that is deleted is noticed within a minute and restored with all it held', async () => {
    const clock = manualClock(start);
    const historian = await opened({ clock });
    await historian.append([reading('dc/a', start, 1)]);
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    await untilPassesInTime(clock, minute, () =>
      expect(historian.problem()).toMatch(/was deleted or replaced while in use; it is restored/),
    );
    await works(historian);
    expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
    await historian.close();
    const again = await opened();
    expect(await again.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
  });

  test('a folder that cannot be written stops nothing: history is down, says why, and comes when the folder does', async () => {
    const clock = manualClock(start);
    path = join(folder, 'absent', 'readings.db');
    const { log, lines } = capturedLog();
    const historian = await opened({ clock, log });
    expect(historian.problem()).toMatch(/^history is down: .*unable to open database file.*absent/);
    await expect(historian.raw('dc/a', everything, 10)).rejects.toThrow(UnavailableError);
    await expect(historian.append([reading('dc/a', start, 1)])).rejects.toThrow('history is down');
    await clock.advance(minute);
    expect(lines.filter((line) => line.includes('cannot be opened'))).toHaveLength(1);
    await mkdir(join(folder, 'absent'));
    await untilPassesInTime(clock, minute, () => expect(historian.problem()).toBeUndefined());
    await works(historian);
    await chmod(folder, 0o700);
  });
});

describe('finished hours', () => {
  const hour = 60 * minute;

  /** Three points over two hours, compacted. */
  async function compacted(): Promise<void> {
    const store = openStore(path);
    const points = ['dc/a', 'dc/b', 'dc/c'];
    for (const at of [0, 1, 2, 3].map((i) => start + i * 30 * minute)) {
      store.append({ points, at: Float64Array.from(points, () => at), value: Float64Array.of(1, 2, 3), quality: new Uint8Array(3) });
    } // prettier-ignore
    const now = start + 30 * hour;
    store.merge(now);
    for (let next = store.nextHour(now); next !== undefined; next = store.nextHour(now))
      store.compact(next, next.points.map(facts));
    while (store.settle(now));
    store.close();
  }

  /** One byte of the second blob of the first pack. */
  function damageInPack(database: InstanceType<typeof DatabaseSync>, table: string): void {
    const { id, data } = z
      .object({ id: z.number(), data: z.instanceof(Uint8Array) })
      .parse(database.prepare(`select id, data from ${table} order by id limit 1`).get());
    const at = openPack(data).place(1)?.from ?? Number.NaN;
    database.prepare(`update ${table} set data = ? where id = ?`).run(data.with(at, ~(data[at] ?? 0)), id);
  }

  test('a table of lengths that is damaged is a gap of its hour and shard, and nothing else', async () => {
    await compacted();
    const database = new DatabaseSync(path);
    database.exec(`update raw_pack set data = x'00112233445566' where id = (select min(id) from raw_pack)`);
    database.close();
    const historian = await opened({ facts });
    for (const point of ['dc/a', 'dc/b', 'dc/c'])
      expect(await historian.raw(point, everything, 10)).toHaveLength(2);
    expect(historian.problem()).toMatch(/damaged blobs were skipped/);
  });

  test.each(['raw', 'minutes', 'hours', 'days'])(
    'a blob of %s that is damaged is a gap, counted, and takes nothing else with it',
    async (table) => {
      await compacted();
      const database = new DatabaseSync(path);
      // The second point of the first hour, which lends nothing to anybody.
      if (table === 'raw' || table === 'minutes') damageInPack(database, `${table}_pack`);
      else
        database.exec(
          `update ${table} set data = x'00112233445566' where id = (select id from ${table} order by id limit 1 offset 1)`,
        );
      database.close();
      const historian = await opened({ facts });
      const rawOf = async (point: string): Promise<number> =>
        (await historian.raw(point, everything, 10)).length;
      const bucketsOf = async (point: string, resolution: BucketResolution): Promise<number> =>
        (await historian.buckets([point], everything, resolution)).get(point)?.length ?? 0;
      const asked = async (point: string): Promise<number[]> =>
        Promise.all([rawOf(point), bucketsOf(point, '1m'), bucketsOf(point, '1h'), bucketsOf(point, '1d')]);
      const [raw = 0, minutes = 0, hours = 0, days = 0] = await asked('dc/a');
      const damaged = { raw: [2, minutes, hours, days], minutes: [raw, minutes / 2, hours, days], hours: [raw, minutes, 0, days], days: [raw, minutes, hours, 0] }; // prettier-ignore
      expect(await asked('dc/b')).toEqual(Object.entries(damaged).find(([name]) => name === table)?.[1]);
      expect(await asked('dc/c')).toEqual([raw, minutes, hours, days]);
      expect(historian.problem()).toMatch(/damaged blobs were skipped/);
      expect(asideFiles()).toEqual([]);
    },
  );

  test('a file of a newer version is refused, named with what to do, and not touched', async () => {
    await compacted();
    const database = new DatabaseSync(path);
    database.exec('pragma user_version = 99; pragma wal_checkpoint(truncate)');
    database.close();
    const before = readFileSync(path);
    const historian = await opened();
    expect(historian.problem()).toContain(
      `${path} was written by a newer version of Pantau DC (layout 99, this one knows 2): start that version again, or move the file away`,
    );
    await expect(historian.append([reading('dc/a', start, 1)])).rejects.toThrow(UnavailableError);
    await historian.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(asideFiles()).toEqual([]);
  });

  test('a file from before there were hours opens, and its minutes are compacted', async () => {
    const store = openStore(path);
    for (let i = 0; i < 90; i += 1) {
      store.append({ points: ['dc/a'], at: Float64Array.of(start + i * minute), value: Float64Array.of(i), quality: new Uint8Array(1) });
    } // prettier-ignore
    store.merge(start + 90 * minute);
    store.close();
    const old = new DatabaseSync(path);
    for (const table of ['raw', 'minutes', 'hours', 'days', 'stored_hour', 'unsettled', 'pin', 'pin_series'])
      old.exec(`drop table ${table}`);
    old.exec('pragma user_version = 0');
    old.close();
    const clock = manualClock(start + 3 * hour);
    const historian = await opened({ clock });
    const counts = (): unknown => {
      const database = new DatabaseSync(path, { readOnly: true });
      const row: unknown = database
        .prepare('select (select count(*) from chunk) as chunks, (select count(*) from raw_pack) as hours')
        .get();
      database.close();
      return row;
    };
    const rested = async (): Promise<unknown> => {
      await clock.advance(minute);
      return counts();
    };
    await expect.poll(rested, { timeout: 20_000, interval: 5 }).toMatchObject({ chunks: 0, hours: 2 });
    expect((await historian.raw('dc/a', everything, 100)).map(({ value }) => value)).toEqual(
      Array.from({ length: 90 }, (_, i) => i),
    );
  });
});
