import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openStore, type Store } from '../../../server/historian/embedded/store.ts';
import { start, temporaryFolder } from './support.ts';

const minute = 60_000;
const day = 1_440 * minute;
/** Short, so that a test can fill it: the rule counts minutes and knows no other size. */
const retentionMs = 60 * minute;
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

function put(at: number): void {
  store.append({
    points: ['dc/a'],
    at: Float64Array.of(at),
    value: Float64Array.of(1),
    quality: Uint8Array.of(0),
  });
}

/** A minute of operation by a clock that reads `now`. */
function live(now: number): void {
  put(now);
  store.maintain(now + minute + 20_000, retentionMs);
}

/** Stored minutes, counted from `start`. */
function minutes(): number[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows: unknown = database.prepare('select distinct minute from chunk order by minute').all();
  database.close();
  return z
    .array(z.object({ minute: z.number() }))
    .parse(rows)
    .map(({ minute: at }) => at - start / minute);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

test('the oldest minutes are deleted as new ones are stored', () => {
  for (let i = 0; i < 100; i += 1) live(start + i * minute);
  expect(minutes()).toEqual(range(40, 100));
});

test('one minute of a clock nine days ahead deletes no more than one minute', () => {
  for (let i = 0; i < 60; i += 1) live(start + i * minute);
  live(start + 9 * day);
  expect(minutes().length).toBeGreaterThanOrEqual(60);
  for (let i = 61; i < 70; i += 1) live(start + i * minute);
  const future = (9 * day) / minute;
  // Real minutes age by real minutes; the one ahead is kept until its time has come, and makes nothing else older.
  expect(minutes()).toEqual([...range(9, 60), ...range(61, 70), future]);
});

test('a clock that stays ahead deletes by what it stores, a minute for a minute', () => {
  for (let i = 0; i < 60; i += 1) live(start + i * minute);
  for (let i = 0; i < 20; i += 1) live(start + 30 * day + i * minute);
  expect(minutes().filter((each) => each < 60)).toEqual(range(20, 60));
});

test('a whole retention that was stored ahead of time expires nothing that is stored now', () => {
  for (let i = 0; i < 60; i += 1) live(start + 9 * day + i * minute);
  for (let i = 0; i < 90; i += 1) live(start + i * minute);
  expect(minutes().filter((each) => each < 1_000)).toEqual(range(30, 90));
});

test('a clock far back deletes nothing, and neither does a pause of a month', () => {
  for (let i = 0; i < 60; i += 1) live(start + i * minute);
  store.maintain(0, retentionMs);
  store.maintain(start - 30 * day, retentionMs);
  store.maintain(start + 30 * day, retentionMs);
  expect(minutes()).toEqual(range(0, 60));
});

test('whatever happens, a run deletes a few minutes at most', () => {
  for (let i = 0; i < 60; i += 1) put(start + i * minute);
  for (let i = 0; i < 60; i += 1) put(start + 9 * day + i * minute);
  store.maintain(start + 2 * minute, retentionMs);
  store.maintain(start + 30 * day, retentionMs);
  expect(minutes().filter((each) => each < 60)).toEqual(range(10, 60));
});
