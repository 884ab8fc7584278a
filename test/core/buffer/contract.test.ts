import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskBuffer } from '../../../core/buffer/disk.ts';
import { createMemoryBuffer } from '../../../core/buffer/memory.ts';
import { asyncBuffer, openBufferThread, type AsyncBuffer } from '../../../core/buffer/thread.ts';
import { systemClock } from '../../../core/clock.ts';
import type { NamedReading } from '../../../core/reading.ts';
import { silentLog } from '../../support/field.ts';

/** One suite for every form of a Buffer. */
const start = Date.parse('2026-11-24T00:00:00Z');
/** As much as the bounded buffer of a test holds: of the disk form a few hundred kilobytes. */
const bounded = { readings: 1_000, bytes: 300_000 };

interface Form {
  readonly name: string;
  open(dir: string, limit?: typeof bounded): Promise<AsyncBuffer>;
}
const file = (dir: string, limit?: typeof bounded) => ({
  path: join(dir, 'buffer.db'),
  limitBytes: limit?.bytes ?? 1e9,
});
const forms: readonly Form[] = [
  {
    name: 'memory',
    open: (_, limit) =>
      Promise.resolve(asyncBuffer(createMemoryBuffer({ maxReadings: limit?.readings ?? 1e6 }))),
  },
  {
    name: 'disk',
    open: (dir, limit) =>
      Promise.resolve(asyncBuffer(openDiskBuffer({ ...file(dir, limit), log: silentLog, now: () => start }))),
  },
  {
    name: 'disk in a thread',
    open: (dir, limit) => openBufferThread({ ...file(dir, limit), clock: systemClock, log: silentLog }),
  },
];

let dir = '';
let open: AsyncBuffer[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pantau-buffer-'));
  open = [];
});
afterEach(async () => {
  for (const buffer of open) await buffer.close();
  rmSync(dir, { recursive: true, force: true });
});

let counter = 0;
function readings(count: number): NamedReading[] {
  return Array.from({ length: count }, () => {
    counter += 1;
    return { point: `dc/p-${counter % 7}`, at: start + counter, value: counter + Math.random(), quality: 0 };
  });
}
const byTime = (list: readonly NamedReading[]): NamedReading[] => list.toSorted((a, b) => a.at - b.at);

describe.each(forms)('a buffer in the form "$name"', (form) => {
  async function opened(limit?: typeof bounded): Promise<AsyncBuffer> {
    const buffer = await form.open(dir, limit);
    open.push(buffer);
    return buffer;
  }

  async function drain(buffer: AsyncBuffer): Promise<NamedReading[]> {
    const all: NamedReading[] = [];
    for (let batch = await buffer.next(); batch !== undefined; batch = await buffer.next()) {
      all.push(...batch.readings);
      await buffer.accept(batch.id);
    }
    return all;
  }

  it('hands everything out once, oldest batch first, and is empty afterwards', async () => {
    const buffer = await opened();
    const batches = [readings(20), readings(10_000), readings(5)];
    for (const batch of batches) await buffer.put(batch);
    expect(await buffer.state()).toMatchObject({ readings: 10_025, lost: { readings: 0 } });
    const first = await buffer.next();
    expect(byTime(first?.readings ?? []).slice(0, 20)).toEqual(batches[0]);
    await buffer.accept(first?.id ?? 0);
    expect(byTime([...(first?.readings ?? []), ...(await drain(buffer))])).toEqual(batches.flat());
    expect(await buffer.state()).toMatchObject({ readings: 0, oldestAt: null, problem: null });
  });

  it('does not hand out a taken batch again until it is put back, and then first', async () => {
    const buffer = await opened();
    const [old, young] = [readings(10_000), readings(10_000)];
    await buffer.put(old);
    await buffer.put(young);
    const first = await buffer.next();
    expect(byTime(first?.readings ?? [])).toEqual(old);
    const second = await buffer.next();
    expect(byTime(second?.readings ?? [])).toEqual(young);
    expect(await buffer.next()).toBeUndefined();
    expect((await buffer.state()).readings).toBe(20_000);
    await buffer.retry(second?.id ?? 0);
    await buffer.retry(first?.id ?? 0);
    expect((await buffer.next())?.id).toBe(first?.id);
  });

  it('keeps for its producer what is under way already', async () => {
    const buffer = await opened();
    const id = await buffer.put(readings(3), { taken: true });
    expect(await buffer.next()).toBeUndefined();
    expect((await buffer.state()).readings).toBe(3);
    await buffer.accept(id);
    expect((await buffer.state()).readings).toBe(0);
  });

  it('counts a rejected batch with its reason and never hands it out again', async () => {
    const buffer = await opened();
    await buffer.put(readings(4));
    await buffer.reject((await buffer.next())?.id ?? 0, 'not a number');
    expect(await buffer.next()).toBeUndefined();
    expect(await buffer.state()).toMatchObject({
      readings: 0,
      refused: { readings: 4, reason: 'not a number' },
      lost: { readings: 0 },
    });
  });

  it('halves a batch that is too large without losing a reading', async () => {
    const buffer = await opened();
    const all = readings(11);
    await buffer.put(all);
    await buffer.split((await buffer.next())?.id ?? 0);
    const half = await buffer.next();
    expect(half?.readings.length).toBeLessThan(11);
    await buffer.retry(half?.id ?? 0);
    expect(byTime(await drain(buffer))).toEqual(all);
  });

  it('drops the oldest, counted with their times, when it is full', async () => {
    const buffer = await opened(bounded);
    const put = Array.from({ length: 120 }, () => readings(500));
    const firstAt = put[0]?.[0]?.at;
    for (const batch of put) await buffer.put(batch);
    const { readings: kept, lost } = await buffer.state();
    expect(lost.readings).toBeGreaterThan(0);
    expect(kept + lost.readings).toBe(120 * 500);
    expect(lost.from).toBe(firstAt);
    expect(byTime(await drain(buffer))).toEqual(put.flat().slice(-kept));
  });
});
