import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bucketsIn } from '../../../../server/historian/columns.ts';
import { encodeFigures, figuresAt } from '../../../../server/historian/embedded/codec/figures.ts';
import { createHourRows } from '../../../../server/historian/embedded/hour-rows.ts';
import { hourOf, minuteGrid, rowId } from '../../../../server/historian/embedded/layout.ts';
import { readMinutes } from '../../../../server/historian/embedded/minute-rows.ts';
import { openReader } from '../../../../server/historian/embedded/reader.ts';
import { openStore } from '../../../../server/historian/embedded/store.ts';
import { everything, facts, start, temporaryFolder } from '../support.ts';

const hourMs = 3_600_000;
const points = ['dc/a/load', 'dc/a/state', 'dc/b/load'];
const now = start + 50 * hourMs;
let folder = '';
let path = '';
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'readings.db');
});
afterEach(() => rm(folder, { recursive: true }));

function append(at: number, values: readonly number[]): void {
  const store = openStore(path);
  store.append({
    points: points.slice(0, values.length),
    at: Float64Array.from(values, () => at),
    value: Float64Array.from(values),
    quality: new Uint8Array(values.length),
  });
  finish(store);
}

function finish(store: ReturnType<typeof openStore>): void {
  store.merge(now);
  for (let next = store.nextHour(now); next !== undefined; next = store.nextHour(now))
    store.compact(next, next.points.map(facts));
  while (store.settle(now));
  store.close();
}

/** Everything that can be read of the points. */
async function answers(): Promise<unknown> {
  const reader = openReader(path);
  try {
    const found: unknown[] = [...(await reader.last(start + 90 * 60_000))];
    for (const point of points) {
      for await (const page of reader.scan(point, everything)) found.push(point, page);
      for (const resolution of ['1m', '1h', '1d'] as const) {
        const columns = await reader.columns([point], { range: everything, resolution, facts });
        found.push(resolution, [...columns.values()].map(bucketsIn));
      }
    }
    return found;
  } finally {
    reader.close();
  }
}

/** Writes the hours as a program of layout 1 would have: a row for each series. */
function inLayout1(): void {
  const database = new DatabaseSync(path);
  const raw = createHourRows(database, 'raw');
  const minutes = createHourRows(database, 'minutes');
  const rawRow = database.prepare('insert into raw (id, data) values (?, ?)');
  const minutesRow = database.prepare('insert into minutes (id, data) values (?, ?)');
  for (let hour = hourOf(start); hour <= hourOf(now); hour += 1) {
    const hours = raw.whole(hour, 0);
    for (const local of hours.isPacked ? hours.locals() : [])
      rawRow.run(rowId(hour, local), hours.of(local) ?? new Uint8Array());
    const blobs = minutes.whole(hour, 0);
    for (const local of blobs.isPacked ? blobs.locals() : []) {
      const table = readMinutes(local, blobs, { grid: minuteGrid(hour) });
      const figures = Array.from(table?.at ?? [], (_, i) =>
        table === undefined ? [] : [figuresAt(table, i)],
      ).flat();
      minutesRow.run(rowId(hour, local), encodeFigures(figures, minuteGrid(hour), table?.spillMs));
    }
  }
  database.exec('drop table raw_pack; drop table minutes_pack; pragma user_version = 1');
  database.close();
}

function rowsIn(table: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const row: unknown = database.prepare(`select count(*) as n from ${table}`).get();
  database.close();
  return row;
}

test('a file of layout 1 answers as before, and hours are packed when readings are added to them', async () => {
  const store = openStore(path);
  for (let i = 0; i < 360; i += 1) {
    const at = start + i * 30_000;
    store.append({
      points,
      at: Float64Array.of(at, at, at + 7),
      value: Float64Array.of(Math.sin(i) * 10, i % 50 === 0 ? 2 : 1, i / 10),
      quality: Uint8Array.of(0, 0, i === 100 ? 1 : 0),
    });
  }
  finish(store);
  const before = await answers();
  inLayout1();
  openStore(path).close();
  expect(rowsIn('raw')).toEqual({ n: 9 });
  expect(await answers()).toEqual(before);

  append(start + 1_000, [99]);
  expect(rowsIn('raw')).toEqual({ n: 6 });
  const reader = openReader(path);
  const first: unknown[] = [];
  for await (const page of reader.scan('dc/a/load', { from: start, to: start + 2_000 })) first.push(...page);
  const rest: number[] = [];
  for (const point of points.slice(1))
    for await (const page of reader.scan(point, everything)) rest.push(page.length);
  reader.close();
  expect(first).toEqual([
    { at: start, value: 0, quality: 0 },
    { at: start + 1_000, value: 99, quality: 0 },
  ]);
  expect(rest.reduce((sum, length) => sum + length, 0)).toBe(720);
});
