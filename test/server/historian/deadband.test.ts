import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUsable, type Reading } from '../../../core/reading.ts';
import { createRecorder, type RecordingRule } from '../../../server/historian/deadband.ts';
import { bucketsOf } from '../../../server/historian/figures.ts';
import type { Bucket, Range } from '../../../server/historian/historian.ts';
import { start } from './support.ts';

const rule: RecordingRule = { within: 0.2, everyMs: 30_000, holdMs: 35_000 };
const recorderOf = (given: RecordingRule) => createRecorder((point) => (point === 0 ? given : undefined));
const at = (seconds: number, value: number, quality = 0): Reading => ({
  point: 0,
  at: start + seconds * 1_000,
  value,
  quality,
});

/** What is stored of readings that came one by one and then no more. */
function stored(readings: readonly Reading[], given = rule): Reading[] {
  const recorder = recorderOf(given);
  const kept = readings.flatMap((reading) => recorder.keep([reading], reading.at));
  return [...kept, ...recorder.rest()];
}

describe('readings that are stored when they change', () => {
  test('the first, a change and the reading before it, one at times, and the last', () => {
    const readings = [0, 10, 20, 30, 40, 50, 60, 70].map((s) => at(s, s === 50 ? 22 : 21 + (s % 20) / 200));
    expect(stored(readings).map((each) => (each.at - start) / 1_000)).toEqual([0, 30, 40, 50, 60, 70]);
  });

  test('a change of quality, both ways, with the readings before', () => {
    const readings = [at(0, 1), at(5, 1), at(10, Number.NaN, 3), at(15, Number.NaN, 3), at(20, 1)];
    expect(stored(readings)).toEqual(readings);
  });

  test('the last reading before a gap, so that the gap begins where it began', () => {
    expect(stored([at(0, 1), at(10, 1), at(100, 1)]).map((each) => (each.at - start) / 1_000)).toEqual([
      0, 10, 100,
    ]);
  });

  test('the last reading of a point that has fallen silent is stored when it no longer holds', () => {
    const recorder = recorderOf(rule);
    recorder.keep([at(0, 1)], 0);
    recorder.keep([at(10, 1)], 10_000);
    expect(recorder.silent(45_000)).toEqual([]);
    expect(recorder.silent(45_001)).toEqual([at(10, 1)]);
    expect(recorder.rest()).toEqual([]);
  });

  test('a slow drift is followed', () => {
    const readings = Array.from({ length: 20 }, (_, i) => at(i, 20 + i * 0.05));
    const kept = stored(readings);
    expect(kept.length).toBeLessThan(20);
    expect(kept.length).toBeGreaterThan(8);
  });

  test('a late reading is stored, with the one that waits after it', () => {
    expect(
      stored([at(0, 1), at(10, 1), at(5, 9), at(20, 1)]).map((each) => (each.at - start) / 1_000),
    ).toEqual([0, 10, 5, 20]);
  });

  test('readings of other points are stored as they come', () => {
    const others = [0, 1, 2].map((s) => ({ ...at(s, 1), point: 1 }));
    expect(recorderOf(rule).keep(others, 0)).toBe(others);
  });

  test('a step of exactly the resolution is no change when binary makes it a little more', () => {
    expect(stored([at(0, 21.5), at(1, 21.6), at(2, 21.5), at(3, 21.5)])).toHaveLength(2);
  });
});

const step = fc.record({
  // Steady polling, a slow one, a missed one and a gap.
  afterMs: fc.constantFrom(5_000, 5_000, 5_000, 10_000, 20_000, 36_000, 200_000),
  by: fc.constantFrom(0, 0, 0.05, -0.05, 0.1, -0.1, 0.3, -2),
  quality: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 3),
});

function run(
  steps: readonly { readonly afterMs: number; readonly by: number; readonly quality: number }[],
): Reading[] {
  let time = start + 7_000;
  let value = 20;
  return steps.map(({ afterMs, by, quality }) => {
    time += afterMs;
    value += by;
    return { point: 0, at: time, value: isUsable(quality) ? value : Number.NaN, quality };
  });
}

/** What holds at a time; undefined in a gap or where the reading is bad. */
function heldAt(readings: readonly Reading[], time: number): Reading | undefined {
  const before = readings
    .filter((each) => each.at <= time)
    .sort((a, b) => a.at - b.at)
    .at(-1);
  return before === undefined || !isUsable(before.quality) || time >= before.at + rule.holdMs
    ? undefined
    : before;
}

/** Infinite when only one of them is there. */
function distance(a: number | null | undefined, b: number | null | undefined): number {
  const [one, other] = [a ?? Infinity, b ?? Infinity];
  return one === other ? 0 : Math.abs(one - other);
}

async function figures(readings: readonly Reading[], isState: boolean): Promise<Bucket[]> {
  const sorted = [...readings].sort((a, b) => a.at - b.at);
  const range: Range = { from: start, to: start + 3 * 3_600_000 };
  const pages = (async function* () {
    yield await Promise.resolve(sorted);
  })();
  return bucketsOf(pages, { range, resolution: '1m', facts: { isState, holdMs: rule.holdMs } });
}

test('nobody can tell from what is read back that readings were left out', async () => {
  let [all, kept] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 120 }), async (steps) => {
      const readings = run(steps);
      const left = stored(readings);
      all += readings.length;
      kept += left.length;
      expect(left.every((each) => readings.includes(each))).toBe(true);
      for (const { at: time } of readings)
        for (const moment of [time - 1, time, time + rule.holdMs - 1, time + rule.holdMs]) {
          const [before, after] = [heldAt(readings, moment), heldAt(left, moment)];
          expect(after?.quality).toBe(before?.quality);
          expect(distance(before?.value, after?.value)).toBeLessThanOrEqual(rule.within);
        }
      const [before, after] = [await figures(readings, false), await figures(left, false)];
      expect(after.map((each) => [each.at, each.coveredMs])).toEqual(
        before.map((each) => [each.at, each.coveredMs]),
      );
      for (const [place, bucket] of before.entries())
        for (const key of ['min', 'max', 'last'] as const) {
          expect(distance(bucket[key], after[place]?.[key])).toBeLessThanOrEqual(rule.within + 1e-9);
        }
    }),
    { numRuns: 150 },
  );
  expect(kept).toBeLessThan(all);
});

test('the time in each state is the same', async () => {
  const states = fc.array(
    fc.record({
      afterMs: fc.constantFrom(5_000, 5_000, 20_000, 36_000),
      value: fc.constantFrom(0, 0, 0, 1, 2),
    }),
    { minLength: 1, maxLength: 80 },
  );
  await fc.assert(
    fc.asyncProperty(states, async (steps) => {
      let time = start;
      const readings = steps.map(({ afterMs, value }): Reading => ({
        point: 0,
        at: (time += afterMs),
        value,
        quality: 0,
      }));
      const left = stored(readings, { ...rule, within: 0 });
      const inStates = async (some: readonly Reading[]) =>
        (await figures(some, true)).map((each) => [each.at, each.states]);
      expect(await inStates(left)).toEqual(await inStates(readings));
    }),
    { numRuns: 80 },
  );
});
