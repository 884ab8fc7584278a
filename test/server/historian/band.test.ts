import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUsable, qualityCode } from '../../../core/reading.ts';
import { timeInBand, type Band } from '../../../server/historian/band.ts';
import { bucketsOfPoints } from '../../../server/historian/figures.ts';
import type { Historian, Range, Sample } from '../../../server/historian/historian.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-23T00:00:00+07:00');
const facts = { isState: false, holdMs: 4 * minute };
const band: Band = { low: 18, high: 27 };

/** Keeps everything for the tiers, and raw readings or minutes only from a time on. */
function storeOf(
  samples: readonly Sample[],
  { rawFrom = -Infinity, minutesFrom = -Infinity }: { rawFrom?: number; minutesFrom?: number } = {},
): Historian {
  const within = ({ from, to }: Range): Sample[] => samples.filter(({ at }) => at >= from && at < to);
  async function* scan(_point: string, range: Range): AsyncGenerator<Sample[]> {
    yield within(range);
  }
  return {
    append: () => Promise.reject(new Error('read only')),
    raw: async (_point, range, limit) =>
      within(range)
        .filter(({ at }) => at >= rawFrom)
        .slice(0, limit),
    rawColumns: () => Promise.reject(new Error('reads one point at a time')),
    async buckets(points, range, resolution) {
      const found = await bucketsOfPoints(scan, { points, range, resolution, facts: () => facts });
      if (resolution !== '1m') return found;
      return new Map(
        [...found].map(([point, buckets]) => [point, buckets.filter(({ at }) => at >= minutesFrom)]),
      );
    },
    columns: () => Promise.reject(new Error('reads buckets')),
    last: async () => new Map(),
    pin: async () => undefined,
    keepFor: () => undefined,
    problem: () => undefined,
    close: async () => undefined,
  };
}

/** Looks at every second. */
function naive(samples: readonly Sample[], range: Range) {
  const time = { withinMs: 0, belowMs: 0, aboveMs: 0, undecidedMs: 0, unknownMs: 0 };
  for (let at = range.from; at < range.to; at += 1_000) {
    const held = samples.findLast((sample) => sample.at <= at);
    if (held === undefined || !isUsable(held.quality) || at - held.at >= facts.holdMs)
      time.unknownMs += 1_000;
    else if (held.value < 18) time.belowMs += 1_000;
    else if (held.value > 27) time.aboveMs += 1_000;
    else time.withinMs += 1_000;
  }
  return time;
}

const seconds = fc.integer({ min: 0, max: 4 * 3_600 });
const traces = fc
  .array(
    fc.record({
      at: seconds,
      value: fc.constantFrom(17.9, 18, 22, 27, 27.1),
      bad: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    }),
    { maxLength: 120 },
  )
  .map((rows): Sample[] =>
    [...new Map(rows.map((row) => [row.at, row])).values()]
      .sort((a, b) => a.at - b.at)
      .map(({ at, value, bad }) => ({
        at: start + at * 1_000,
        value: bad ? Number.NaN : value,
        quality: bad ? qualityCode('timeout') : 0,
      })),
  );
const ranges = fc.tuple(seconds, seconds).map(([one, other]) => ({
  from: start + Math.min(one, other) * 1_000,
  to: start + Math.max(one, other) * 1_000,
}));

test('time in a band is what looking at every second gives, while raw readings are kept', async () => {
  await fc.assert(
    fc.asyncProperty(traces, ranges, async (samples, range) => {
      const time = await timeInBand(storeOf(samples), { point: 'p', range, band, facts });
      expect(time).toEqual(naive(samples, range));
    }),
    { numRuns: 60 },
  );
});

test('without raw readings it is never wrong: what the tiers cannot tell is undecided', async () => {
  await fc.assert(
    fc.asyncProperty(traces, seconds, seconds, async (samples, raw, minutes) => {
      const range = { from: start, to: start + 4 * hour };
      const store = storeOf(samples, { rawFrom: start + raw * 1_000, minutesFrom: start + minutes * 1_000 });
      const time = await timeInBand(store, { point: 'p', range, band, facts });
      const exact = naive(samples, range);
      expect(time.withinMs).toBeLessThanOrEqual(exact.withinMs);
      expect(time.belowMs).toBeLessThanOrEqual(exact.belowMs);
      expect(time.aboveMs).toBeLessThanOrEqual(exact.aboveMs);
      expect(time.unknownMs).toBe(exact.unknownMs);
      const parts = time.withinMs + time.belowMs + time.aboveMs + time.undecidedMs + time.unknownMs;
      expect(parts).toBe(range.to - range.from);
    }),
    { numRuns: 60 },
  );
});

test('minutes decide what an hour cannot, and leave no more than the mixed ones open', async () => {
  const samples = Array.from({ length: 240 }, (_, index) => ({
    at: start + index * minute,
    value: index < 90 ? 22 : 30,
    quality: 0,
  }));
  const time = await timeInBand(storeOf(samples, { rawFrom: Infinity }), {
    point: 'p', band, facts,
    range: { from: start, to: start + 4 * hour },
  }); // prettier-ignore
  expect(time).toEqual({
    withinMs: 90 * minute,
    aboveMs: 149 * minute,
    belowMs: 0,
    undecidedMs: minute,
    unknownMs: 0,
  });
});

test('an open band has one limit', async () => {
  const samples = [{ at: start, value: 5, quality: 0 }];
  const asked = { point: 'p', facts, range: { from: start, to: start + 10 * minute } };
  expect(await timeInBand(storeOf(samples), { ...asked, band: { low: null, high: 10 } })).toMatchObject({
    withinMs: 4 * minute,
  });
  expect(await timeInBand(storeOf(samples), { ...asked, band: { low: 6, high: null } })).toMatchObject({
    belowMs: 4 * minute,
    unknownMs: 6 * minute,
  });
});
