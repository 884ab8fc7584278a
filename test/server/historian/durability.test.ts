import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openEmbeddedHistorian } from '../../../server/historian/embedded/embedded.ts';
import { rowId } from '../../../server/historian/embedded/layout.ts';
import { openStore } from '../../../server/historian/embedded/store.ts';
import { startWriter } from '../../../server/historian/embedded/session.ts';
import { killOnce } from './kill.ts';
import { untilPassesInTime } from '../../support/until-passes.ts';
import {
  endless,
  everything,
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

function count(table: 'tick' | 'chunk' | 'series'): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const row: unknown = database.prepare(`select count(*) as n from ${table}`).get();
  database.close();
  return z.object({ n: z.number() }).parse(row).n;
}

/** A fault of the file: rows of this hour are not taken. */
function refuseRows(hour: number): void {
  const [from, to] = [rowId(hour, 0), rowId(hour + 1, 0)];
  change(`create trigger refuse before insert on raw_pack when new.id >= ${from} and new.id < ${to} begin select raise(abort, 'refused by the test'); end`); // prettier-ignore
}

function allowRows(): void {
  change('drop trigger refuse');
}

function change(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(`pragma busy_timeout = 5000; ${sql}`);
  database.close();
}

function batchOf(readings: readonly { point: string; at: number; value: number }[]) {
  return {
    points: readings.map(({ point }) => point),
    at: Float64Array.from(readings, ({ at }) => at),
    value: Float64Array.from(readings, ({ value }) => value),
    quality: new Uint8Array(readings.length),
  };
}

describe('embedded historian', () => {
  test('all that was acknowledged is there when the process was killed', async () => {
    const program = fileURLToPath(new URL('./killed-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', program, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    let acknowledged = -1;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      // Three merges by then; what is still in the pipe counts as well.
      if (acknowledged === 200) child.kill('SIGKILL');
    }
    await ended;
    const historian = await openEmbeddedHistorian({ path, log: silent, retention: endless });
    const values = (await historian.raw('dc/a', everything, 1e6)).map(({ value }) => value);
    expect(acknowledged).toBeGreaterThanOrEqual(200);
    expect(values.slice(0, acknowledged + 1)).toEqual(Array.from({ length: acknowledged + 1 }, (_, i) => i));
    const last = await historian.last();
    expect(last.get('dc/a')?.value).toBe(values.length - 1);
    expect(last.get(`dc/new-${acknowledged}`)?.value).toBe(acknowledged);
    await historian.close();
    expect(count('chunk')).toBeGreaterThan(1);
  });

  test('nothing is lost or doubled when the process is killed while hours are compacted and days settled', async () => {
    let first = 0;
    for (const afterMs of [60, 150]) {
      const { stored, acknowledged } = await killOnce(path, { first, afterMs });
      expect(stored).toBeGreaterThanOrEqual(acknowledged);
      first = stored + 1;
    }
    expect(first).toBeGreaterThanOrEqual(8);
  });

  test('an append is refused while the writing thread is dead, and it starts again', async () => {
    const clock = manualClock(start);
    const writer = await startWriter({ path, clock, log: silent });
    // No time at all: the thread does not know what to do with it and dies.
    const deadly = { kind: 'merge' as const, now: Number.NaN };
    await expect(writer.send(deadly)).rejects.toThrow('the writing thread died');
    const good = { kind: 'append' as const, batch: batchOf([{ point: 'dc/a', at: start, value: 1 }]) };
    await expect(writer.send(good)).rejects.toThrow('the writing thread died');
    expect(writer.problem()).toContain('the writing thread died');
    await untilPassesInTime(clock, 500, () => expect(writer.problem()).toBeUndefined());
    await writer.send(good);
    await writer.close();
    expect(count('tick')).toBe(1);
  });

  test('a reading that comes after its minute was merged takes the place of the one before', async () => {
    const clock = manualClock(start + 10 * minute);
    const historian = await openEmbeddedHistorian({ path, clock, log: silent });
    await historian.append([reading('dc/a', start, 1), reading('dc/a', start + 1, 2)]);
    await clock.advance(minute);
    await historian.append([reading('dc/a', start, 3)]);
    expect([count('chunk'), count('tick')]).toEqual([1, 1]);
    expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(start, 3), sample(start + 1, 2)]);
    await historian.close();
  });

  test('an hour that cannot be compacted is set aside: the hours after it are, health names it, and it is readable', async () => {
    const clock = manualClock(start);
    const historian = await openEmbeddedHistorian({ path, clock, log: silent, retention: endless });
    const hour = 60 * minute;
    for (const at of [start, start + hour, start + 2 * hour]) {
      await historian.append([reading('dc/a', at + minute, 1)]);
      if (at === start) refuseRows(Math.floor(start / hour));
      await clock.advance(hour);
    }
    const later = async (): Promise<string | undefined> => {
      await clock.advance(minute);
      return historian.problem();
    };
    await expect.poll(later, { timeout: 10_000 }).toMatch(/1 hours of readings cannot be compacted.*refused by the test/);
    await expect.poll(async () => { await later(); return count('chunk'); }, { timeout: 10_000 }).toBe(1);
    expect((await historian.raw('dc/a', everything, 10)).map(({ value }) => value)).toEqual([1, 1, 1]);
    expect((await historian.buckets(['dc/a'], { from: start, to: start + hour }, '1h')).get('dc/a')).toHaveLength(1);
    allowRows();
    await clock.advance(hour);
    await expect.poll(later, { timeout: 10_000 }).toBeUndefined();
    expect(count('chunk')).toBe(0);
    await historian.close();
  }); // prettier-ignore

  test('a shorter retention counts from the next upkeep on', async () => {
    const clock = manualClock(start);
    const historian = await openEmbeddedHistorian({ path, clock, log: silent, retention: endless });
    const hour = 60 * minute;
    await historian.append(Array.from({ length: 30 }, (_, passed) => reading('dc/a', start + passed * hour, passed)));
    await clock.advance(31 * hour);
    const later = async (): Promise<number> => {
      await clock.advance(minute);
      return (await historian.raw('dc/a', everything, 100)).length;
    };
    await expect.poll(async () => { await later(); return count('chunk') + count('tick'); }, { timeout: 10_000 }).toBe(0);
    expect(await later()).toBe(30);
    historian.keepFor({ ...endless, raw: 10 * hour });
    await expect.poll(later, { timeout: 10_000 }).toBeLessThan(15);
    await historian.close();
  }); // prettier-ignore

  test('a reader misses nothing while minutes are merged under it', async () => {
    const clock = manualClock(start);
    const historian = await openEmbeddedHistorian({ path, clock, log: silent, retention: endless });
    const answers: number[][] = [];
    for (let i = 0; i < 150; i += 1) {
      const asked = historian.raw('dc/a', everything, 1e6);
      await historian.append([reading('dc/a', start + i * 5_000, i)]);
      await clock.advance(5_000);
      answers.push((await asked).map(({ value }) => value));
    }
    await historian.close();
    expect(count('chunk')).toBeGreaterThan(5);
    answers.forEach((values, i) => {
      // What was acknowledged before the question, and perhaps what came during it.
      expect(values).toEqual(Array.from({ length: values.length }, (_, k) => k));
      expect([i, i + 1]).toContain(values.length);
    });
  });

  test('an append and a read after the closing are refused', async () => {
    const historian = await openEmbeddedHistorian({ path, log: silent });
    await historian.append([reading('dc/a', start, 1)]);
    await Promise.all([
      expect(historian.raw('dc/a', everything, 10)).rejects.toThrow('closed'),
      historian.close(),
    ]);
    await expect(historian.append([reading('dc/a', start, 1)])).rejects.toThrow('closed');
    await expect(historian.raw('dc/a', everything, 10)).rejects.toThrow('closed');
    await historian.close();
  });
});

describe('store of the embedded historian', () => {
  test('finished minutes become one chunk a shard and the running minute stays one tick', () => {
    const store = openStore(path);
    const points = Array.from({ length: 300 }, (_, i) => `dc/p-${i}`);
    for (let second = 0; second < 100; second += 10) {
      store.append(batchOf(points.map((point) => ({ point, at: start + second * 1_000, value: second }))));
    }
    store.merge(start + 100_000);
    expect([count('tick'), count('chunk')]).toEqual([1, 2]);
    store.merge(start + 200_000);
    expect([count('tick'), count('chunk')]).toEqual([0, 4]);
    store.close();
  });

  test('a reading far ahead of its time is not carried from minute to minute', () => {
    const store = openStore(path);
    store.append(batchOf([{ point: 'dc/a', at: start + 365 * 86_400_000, value: 1 }]));
    store.merge(start);
    expect([count('tick'), count('chunk')]).toEqual([0, 1]);
    store.close();
  });

  test('hours older than the retention are deleted and the last value stays known', async () => {
    const hour = 60 * minute;
    const clock = manualClock(start + 20 * hour);
    const historian = await openEmbeddedHistorian({
      path,
      clock,
      log: silent,
      retention: { ...endless, raw: 10 * hour },
    });
    await historian.append([reading('dc/dead', start, 1)]);
    await historian.append(Array.from({ length: 20 }, (_, i) => reading('dc/a', start + i * hour, i)));
    const values = async (): Promise<number[]> => {
      await clock.advance(minute);
      return (await historian.raw('dc/a', everything, 100)).map(({ value }) => value);
    };
    await expect
      .poll(values, { timeout: 20_000, interval: 5 })
      .toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect((await historian.last()).get('dc/dead')).toEqual(sample(start, 1));
    await historian.close();
  });

  test('an append that fails leaves nothing behind', () => {
    const store = openStore(path);
    const lame = { ...batchOf([{ point: 'dc/a', at: start, value: 1 }]), value: new Float64Array(0) };
    expect(() => store.append(lame)).toThrow(RangeError);
    store.append(batchOf([{ point: 'dc/b', at: start, value: 2 }]));
    store.close();
    expect([count('series'), count('tick')]).toEqual([1, 1]);
  });
});
