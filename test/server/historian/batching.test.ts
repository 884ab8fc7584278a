import { describe, expect, test } from 'vitest';
import pino from 'pino';
import { createHistorianWriter } from '../../../server/historian/batching.ts';
import type { Historian, StoredReading } from '../../../server/historian/historian.ts';
import { manualClock, reading, start } from './support.ts';

/** A store that can be made to refuse; what it took stays readable. */
function fixture(maxBuffered: number) {
  const taken: StoredReading[][] = [];
  const asked: number[] = [];
  const lines: string[] = [];
  const clock = manualClock(start);
  let refusal: Error | undefined;
  const historian: Pick<Historian, 'append'> = {
    append(batch) {
      asked.push(clock.now() - start);
      if (refusal !== undefined) return Promise.reject(refusal);
      taken.push([...batch]);
      return Promise.resolve();
    },
  };
  const log = pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) });
  return {
    taken,
    asked,
    clock,
    messages: () => lines.map((line) => /"msg":"([^"]*)"/.exec(line)?.[1]),
    refuse: (error: Error | undefined) => {
      refusal = error;
    },
    writer: createHistorianWriter({ historian, clock, log, maxBuffered }),
  };
}

const readings = (from: number, to: number): StoredReading[] =>
  Array.from({ length: to - from }, (_, i) => reading('dc/p', start + from + i, from + i));
const values = (batches: readonly (readonly StoredReading[])[]): number[] =>
  batches.flat().map(({ value }) => value);

describe('historian writer', () => {
  test('readings of half a second go in one append', async () => {
    const { writer, clock, taken } = fixture(100);
    writer.push(readings(0, 2));
    await clock.advance(400);
    writer.push(readings(2, 3));
    expect(writer.stats()).toEqual({ buffered: 3, dropped: 0, written: 0 });
    await clock.advance(100);
    expect(taken.map((batch) => batch.length)).toEqual([3]);
    expect(writer.stats()).toEqual({ buffered: 0, dropped: 0, written: 3 });
    await writer.close();
  });

  test('what was refused is tried again ever more slowly and kept in order', async () => {
    const { writer, clock, taken, asked, refuse, messages } = fixture(100);
    refuse(new Error('disk full'));
    writer.push(readings(0, 2));
    await clock.advance(10_000);
    writer.push(readings(2, 4));
    expect(asked).toEqual([500, 1_500, 3_500, 7_500]);
    expect(writer.problem()).toBe('not writing since 2026-03-01T00:00:00.500Z: disk full (4 readings wait)');
    refuse(undefined);
    await clock.advance(10_000);
    expect(values(taken)).toEqual([0, 1, 2, 3]);
    expect(writer.problem()).toBeUndefined();
    expect(writer.stats()).toEqual({ buffered: 0, dropped: 0, written: 4 });
    expect(messages()).toEqual([
      'historian: not writing, readings wait in memory',
      'historian: writing again',
    ]);
    await writer.close();
  });

  test('the oldest are dropped, counted and spoken once when too many wait', async () => {
    const { writer, clock, taken, refuse, messages } = fixture(5);
    refuse(new Error('away'));
    writer.push(readings(0, 4));
    await clock.advance(600);
    writer.push(readings(4, 7));
    writer.push(readings(7, 8));
    expect(writer.stats()).toEqual({ buffered: 5, dropped: 3, written: 0 });
    expect(writer.problem()).toContain('(5 readings wait, 3 dropped)');
    refuse(undefined);
    await clock.advance(5_000);
    expect(values(taken)).toEqual([3, 4, 5, 6, 7]);
    expect(writer.problem()).toBeUndefined();
    expect(messages()).toEqual([
      'historian: not writing, readings wait in memory',
      'historian: too many readings wait, the oldest are dropped',
      'historian: writing again',
    ]);
    await writer.close();
  });

  test('a push larger than the bound keeps its newest', async () => {
    const { writer, taken } = fixture(3);
    writer.push(readings(0, 10));
    await writer.close();
    expect(values(taken)).toEqual([7, 8, 9]);
    expect(writer.stats()).toEqual({ buffered: 0, dropped: 7, written: 3 });
  });

  test('a reading without a time is dropped and counted and harms no other', async () => {
    const { writer, taken, messages } = fixture(10);
    writer.push([reading('dc/p', Number.NaN, 1), reading('dc/p', start, 2)]);
    await writer.close();
    expect(values(taken)).toEqual([2]);
    expect(writer.stats().dropped).toBe(1);
    expect(messages()).toEqual(['historian: readings without a name or a time are dropped']);
  });

  test('closing writes what waits, and counts what could not be written', async () => {
    const well = fixture(10);
    well.writer.push(readings(0, 2));
    await well.writer.close();
    expect(values(well.taken)).toEqual([0, 1]);

    const ill = fixture(10);
    ill.refuse(new Error('away'));
    ill.writer.push(readings(0, 2));
    await ill.writer.close();
    expect(ill.writer.stats()).toEqual({ buffered: 0, dropped: 2, written: 0 });
    expect(ill.messages()).toContain('historian: closed with readings that were never written');
  });
});
