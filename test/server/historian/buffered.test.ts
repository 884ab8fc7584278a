import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDiskBuffer } from '../../../core/buffer/disk.ts';
import { openBatchFile, type BatchFile } from '../../../core/buffer/file.ts';
import { asyncBuffer } from '../../../core/buffer/thread.ts';
import { createBufferedWriter } from '../../../server/historian/buffered.ts';
import type { StoredReading } from '../../../server/historian/historian.ts';
import { silentLog } from '../../support/field.ts';
import { manualClock, reading, start } from './support.ts';

const second = 1_000;

/** A writer on a real buffer file before a store that can be away or slow; the disk can be full. */
function fixture(path = bufferPath()) {
  const clock = manualClock(start);
  const taken: StoredReading[] = [];
  let isAway = false;
  let takesMs = 0;
  let isFull = false;
  const historian = {
    async append(batch: readonly StoredReading[]) {
      if (isAway) throw new Error('connect ECONNREFUSED');
      await clock.sleep(takesMs);
      for (const each of batch) taken.push(each);
    },
  };
  const disk = openBatchFile({ path, limitBytes: 1e9 });
  const file: BatchFile = {
    ...disk,
    put(readings, name) {
      if (isFull) throw new Error('database or disk is full');
      return disk.put(readings, name);
    },
    countLost(lost) {
      if (isFull) throw new Error('database or disk is full');
      disk.countLost(lost);
    },
  };
  const buffer = asyncBuffer(createDiskBuffer({ file, log: silentLog }));
  const writer = createBufferedWriter({ historian, buffer, clock, log: silentLog });
  let next = 0;
  return {
    path, clock, taken, writer,
    /** One reading a second, each of the next value. */
    run: async (seconds: number): Promise<void> => {
      for (let i = 0; i < seconds; i += 1) {
        writer.push([reading('dc/p', clock.now(), next)]);
        next += 1;
        await clock.advance(second);
      }
    },
    away: (is: boolean) => { isAway = is; },
    slow: (ms: number) => { takesMs = ms; },
    full: (is: boolean) => { isFull = is; },
    /** Closing waits for time to pass. */
    close: async (): Promise<void> => {
      const closing = writer.close();
      await clock.advance(10 * second);
      await closing;
    },
  }; // prettier-ignore
}

function bufferPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pantau-buffered-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'buffer.db');
}

const values = (readings: readonly StoredReading[]): number[] => readings.map(({ value }) => value);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sorted = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b);

describe('writer with its buffer on disk', () => {
  test('after minutes without the store live readings come first, and what waited follows in order, whole and once', async () => {
    const { clock, taken, writer, run, away, close } = fixture();
    await run(10);
    away(true);
    await run(300);
    await clock.advance(120 * second);
    await run(10);
    await clock.advance(2 * second);
    expect(writer.stats()).toMatchObject({ buffered: 310, dropped: 0 });
    expect(writer.problem()).toMatch(
      /^not writing since 2026-03-01T00:00:1\d.*ECONNREFUSED \(310 readings wait on disk since/,
    );
    const before = taken.length;
    away(false);
    await clock.advance(9 * second);
    await run(5);
    await clock.advance(60 * second);
    const after = values(taken.slice(before));
    // The first that arrived after the outage was a live one or a probe of the newest, the others in the order of time.
    const backlog = after.filter((value) => value < 320);
    expect(backlog).toEqual(sorted(backlog));
    expect(sorted(values(taken))).toEqual(numbers(325));
    expect(writer.stats()).toMatchObject({ buffered: 0, dropped: 0 });
    expect(writer.problem()).toBeUndefined();
    await close();
  });

  test('a slow store holds up nobody: readings wait on disk, and nothing is lost when it is fast again', async () => {
    const { clock, taken, writer, run, slow, close } = fixture();
    slow(20 * second);
    const acknowledged = writer.append([reading('dc/q', start, -1)]);
    await clock.advance(2 * second);
    await acknowledged;
    await run(120);
    expect(writer.problem()).toContain('catching up');
    slow(0);
    await clock.advance(120 * second);
    // A batch whose answer came late may have been written twice: the store knows it by point and time.
    expect(sorted([...new Set(values(taken))])).toEqual([-1, ...numbers(120)]);
    expect(writer.stats().buffered).toBe(0);
    await close();
  });

  test('a full disk during an outage: readings wait in memory, health says so, and the disk takes them when there is room', async () => {
    const { clock, taken, writer, run, away, full, close } = fixture();
    await run(5);
    away(true);
    full(true);
    await run(30);
    await clock.advance(2 * second);
    expect(writer.problem()).toMatch(/^not writing since/);
    expect(writer.stats()).toMatchObject({ buffered: 30, dropped: 0 });
    // Who waits for an acknowledgement is told that there is none.
    const refused = writer.append([reading('dc/q', start, -1)]).then(
      () => undefined,
      (error: unknown) => error,
    );
    await clock.advance(2 * second);
    expect(await refused).toEqual(new Error('neither the history store nor the disk takes readings'));
    away(false);
    await run(20);
    await clock.advance(60 * second);
    expect(sorted([...new Set(values(taken))]).filter((value) => value >= 0)).toEqual(numbers(55));
    // Nothing waits any more, and it is still worth knowing.
    expect(writer.problem()).toContain('the buffer on disk does not take readings: database or disk is full');
    full(false);
    await clock.advance(10 * second);
    expect(writer.problem()).toBeUndefined();
    await close();
  });

  test('a restart during the outage loses nothing', async () => {
    const first = fixture();
    first.away(true);
    await first.run(50);
    await first.close();
    const again = fixture(first.path);
    await again.clock.advance(60 * second);
    expect(values(again.taken)).toEqual(numbers(50));
    await again.close();
  });
});
