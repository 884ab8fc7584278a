import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { bucketsIn } from '../../../server/historian/columns.ts';
import { openReader } from '../../../server/historian/embedded/reader.ts';
import { openStore, type Store } from '../../../server/historian/embedded/store.ts';
import { firstSamples } from '../../../server/historian/figures.ts';
import { bucketMs, type BucketResolution, type Sample } from '../../../server/historian/historian.ts';
import { facts, everything, start, temporaryFolder } from './support.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Short, so that a test can fill it: the rule counts hours and knows no other size. */
const kept = { raw: 10, '1m': 20, '1h': 3_650 * 24, '1d': 3_650 * 24, pinned: 40 };
let folder = '';
let path = '';
let store: Store;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'readings.db');
  store = openStore(path);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

/** Points that are read together. */
const points = ['dc/a', 'dc/b', 'dc/c'];

function put(at: number, names: readonly string[] = points): void {
  store.append({
    points: [...names],
    at: Float64Array.from(names, () => at),
    value: Float64Array.from(names, (_, i) => i + (at % 7)),
    quality: new Uint8Array(names.length),
  });
}

/** What a run of maintenance does; returns how many readings came too late. */
function maintain(now: number, hoursKept = kept): number {
  let tooLate = 0;
  store.merge(now);
  for (let next = store.nextHour(now); next !== undefined; next = store.nextHour(now))
    tooLate += store.compact(next, next.points.map(facts));
  while (store.settle(now));
  store.expire(now, hoursKept);
  return tooLate;
}

/** An hour of operation by a clock that reads `now`. */
function live(now: number): void {
  put(now);
  maintain(now + hour + 90_000);
}

/** Hours that have rows in a table, counted from `start`. */
function hours(table: 'raw' | 'minutes' = 'raw'): number[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows: unknown = database
    .prepare(`select distinct id / 1048576 as hour from ${table}_pack order by hour`)
    .all();
  database.close();
  const found = z.array(z.object({ hour: z.number() })).parse(rows);
  return found.map(({ hour: at }) => at - start / hour);
}

async function ask<T>(question: (reader: ReturnType<typeof openReader>) => Promise<T>): Promise<T> {
  const reader = openReader(path);
  try {
    return await question(reader);
  } finally {
    reader.close();
  }
}
const rawOf = (point: string): Promise<readonly Sample[]> =>
  ask((reader) => firstSamples(reader.scan(point, everything), 1_000_000));
const countsOf = (point: string, resolution: BucketResolution): Promise<number[]> =>
  ask(async (reader) => {
    const found = await reader.columns([point], { range: everything, resolution, facts });
    return [...found.values()].flatMap(bucketsIn).filter(({ count }) => count > 0).map(({ at }) => (at - start) / bucketMs[resolution]);
  }); // prettier-ignore

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

test('each tier loses its oldest hours as new ones are stored, and coarser ones outlive finer ones', async () => {
  for (let i = 0; i < 30; i += 1) live(start + i * hour);
  expect(hours()).toEqual(range(20, 30));
  expect(hours('minutes')).toEqual(range(10, 30));
  expect(await countsOf('dc/b', '1h')).toEqual(range(0, 30));
});

test('an hour of a clock nine days ahead deletes no more than one hour', () => {
  for (let i = 0; i < 10; i += 1) live(start + i * hour);
  live(start + 9 * day);
  for (let i = 11; i < 15; i += 1) live(start + i * hour);
  // Real hours age by real hours; the one ahead is kept until its time has come, and makes nothing else older.
  expect(hours()).toEqual([...range(4, 10), ...range(11, 15), 9 * 24]);
});

test('a clock that stays ahead deletes by what it stores, an hour for an hour', () => {
  for (let i = 0; i < 10; i += 1) live(start + i * hour);
  for (let i = 0; i < 4; i += 1) live(start + 30 * day + i * hour);
  expect(hours().filter((each) => each < 10)).toEqual(range(4, 10));
});

test('a whole retention that was stored ahead of time expires nothing that is stored now', () => {
  for (let i = 0; i < 10; i += 1) live(start + 9 * day + i * hour);
  for (let i = 0; i < 15; i += 1) live(start + i * hour);
  expect(hours().filter((each) => each < 100)).toEqual(range(5, 15));
});

test('a clock far back deletes nothing, and neither does a pause of a month; both are compacted', async () => {
  for (let i = 0; i < 10; i += 1) live(start + i * hour);
  put(start + 10 * hour);
  maintain(0);
  maintain(start - 30 * day);
  maintain(start + 30 * day, { ...kept, raw: 11 });
  expect(hours()).toEqual(range(0, 11));
  expect(await rawOf('dc/a')).toHaveLength(11);
});

test('whatever happens, a run deletes one hour at most', () => {
  for (let i = 0; i < 20; i += 1) {
    put(start + i * hour);
    put(start + 9 * day + i * hour);
  }
  maintain(start + 30 * day);
  expect(hours()).toHaveLength(39);
});

test('pinned readings stay when the others of their hours go, and go after their own time', async () => {
  store.pin({
    name: 'load test 7',
    points: ['dc/c', 'dc/never-read'],
    from: start + 3 * hour,
    to: start + 5 * hour,
  });
  for (let i = 0; i < 30; i += 1) live(start + i * hour);
  const found = (await rawOf('dc/c')).map(({ at }) => (at - start) / hour);
  expect(found).toEqual([3, 4, ...range(20, 30)]);
  expect((await rawOf('dc/b')).map(({ at }) => (at - start) / hour)).toEqual(range(20, 30));
  for (let i = 30; i < 50; i += 1) live(start + i * hour);
  expect((await rawOf('dc/c')).map(({ at }) => (at - start) / hour)).toEqual(range(40, 50));
});

test('a pin of the same name takes the place of the one before, and survives a restart', async () => {
  store.pin({ name: 'incident 1', points: ['dc/a'], from: start, to: Infinity });
  store.pin({ name: 'incident 1', points: ['dc/b'], from: start, to: start + hour });
  store.close();
  store = openStore(path);
  for (let i = 0; i < 15; i += 1) live(start + i * hour);
  // The times of the point are those of another one, which stays for its sake.
  expect((await rawOf('dc/b')).map(({ at }) => (at - start) / hour)).toEqual([0, ...range(5, 15)]);
  expect((await rawOf('dc/c')).map(({ at }) => (at - start) / hour)).toEqual(range(5, 15));
});

test('a reading that comes after its hour has expired changes no figure and is counted', async () => {
  for (let i = 0; i < 15; i += 1) live(start + i * hour);
  const before = await countsOf('dc/a', '1m');
  put(start + 2 * hour + 1_800_000);
  expect(maintain(start + 16 * hour)).toBe(3);
  expect(await countsOf('dc/a', '1m')).toEqual(before);
});

test('the file stops growing when as much expires as comes', () => {
  const many = Array.from({ length: 60 }, (_, i) => `dc/p-${i}`);
  const pages = (from: number, to: number): number => {
    for (let i = from; i < to; i += 1) {
      for (let j = 0; j < 6; j += 1) put(start + i * hour + j * 600_000 + ((i * j) % 50), many);
      maintain(start + (i + 1) * hour + 90_000, { ...kept, '1h': 30, '1d': 30 });
    }
    return statSync(path).size;
  };
  const full = pages(0, 120);
  expect(pages(120, 360)).toBeLessThanOrEqual(full * 1.2);
});
