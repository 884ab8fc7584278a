import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarser, joinedStart, joinedWidth, wholeJoined } from '../../../server/historian/coarser.ts';
import { columnsOf } from '../../../server/historian/columns.ts';
import { createBucketBuilder } from '../../../server/historian/figures.ts';
import { bucketMs, type Bucket, type Sample } from '../../../server/historian/historian.ts';
import { chooseResolution, defaultRetention } from '../../../server/historian/tiers.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Midnight of WIB. */
const start = Date.parse('2026-11-23T00:00:00+07:00');

function bucketsOf(samples: readonly Sample[], resolution: '1m' | '1h', isState: boolean): Bucket[] {
  const builder = createBucketBuilder({
    range: { from: start, to: start + day },
    resolution,
    facts: { isState, holdMs: 5 * minute },
  });
  for (const sample of samples) builder.add(sample);
  return builder.finish();
}

describe('joined buckets', () => {
  const samples = fc
    .array(fc.record({ at: fc.integer({ min: 0, max: 6 * hour }), value: fc.integer({ min: 0, max: 4 }) }), {
      minLength: 1,
      maxLength: 200,
    })
    .map((rows) =>
      [...new Map(rows.map(({ at, value }) => [at, { at: start + at, value, quality: 0 }])).values()].sort(
        (a, b) => a.at - b.at,
      ),
    );

  it('of sixty minutes are the hour, whatever was read', () => {
    fc.assert(
      fc.property(samples, fc.boolean(), (read, isState) => {
        const joined = coarser(columnsOf(bucketsOf(read, '1m', isState)), hour);
        const hours = bucketsOf(read, '1h', isState);
        // The mean over time and the one over readings agree only where readings are regular.
        const others = (buckets: readonly Bucket[]): unknown =>
          buckets.map(({ mean: _mean, min: _min, max: _max, last: _last, ...rest }) => rest);
        expect(others(joined)).toEqual(others(hours));
        for (const [place, bucket] of joined.entries()) {
          // A minute that only holds the value of before takes part with it, as on a chart of minutes.
          expect(bucket.min).toBeLessThanOrEqual(hours[place]?.min ?? Infinity);
          expect(bucket.max).toBeGreaterThanOrEqual(hours[place]?.max ?? -Infinity);
          expect(bucket.last).not.toBeNull();
          expect(bucket.mean).toBeGreaterThanOrEqual(bucket.min ?? Infinity);
          expect(bucket.mean).toBeLessThanOrEqual(bucket.max ?? -Infinity);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leave a gap a gap, and join nothing across it', () => {
    const at = (minutes: number): Bucket => ({
      at: start + minutes * minute, min: 1, max: 3, mean: 2, last: 2, count: 6, good: 6, coveredMs: minute, states: null,
    }); // prettier-ignore
    const joined = coarser(columnsOf([at(0), at(1), at(7), at(25)]), 10 * minute);
    expect(joined.map((bucket) => [(bucket.at - start) / minute, bucket.count, bucket.coveredMs])).toEqual([
      [0, 18, 3 * minute],
      [20, 6, minute],
    ]);
  });

  it('have a mean by the time that each covers, and none where nothing is known', () => {
    const part = (place: number, mean: number | null, coveredMs: number): Bucket => ({
      at: start + place * minute, min: mean, max: mean, mean, last: mean, count: 1, good: 0, coveredMs, states: null,
    }); // prettier-ignore
    const [joined] = coarser(columnsOf([part(0, 10, 45_000), part(1, 20, 15_000)]), hour);
    expect(joined?.mean).toBe(12.5);
    expect(coarser(columnsOf([part(0, null, 0)]), hour)[0]).toMatchObject({
      min: null,
      max: null,
      mean: null,
      last: null,
    });
  });

  it('are never more than asked, of whole tiers, on edges that panning does not move', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000 * day }),
        fc.integer({ min: 1, max: 4_000 * day }),
        fc.constantFrom('1m' as const, '1h' as const, '1d' as const),
        fc.integer({ min: 2, max: 5_000 }),
        (from, length, resolution, count) => {
          const range = { from: start + from, to: start + from + length };
          const width = joinedWidth(range, resolution, count);
          const whole = wholeJoined(range, width);
          expect((whole.to - whole.from) / width).toBeLessThanOrEqual(count);
          expect(width % bucketMs[resolution]).toBe(0);
          expect(joinedStart(whole.from, width)).toBe(whole.from);
          expect(Math.max(day, width) % width).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the resolution of auto', () => {
  const now = start;
  const back = (ms: number, buckets?: number) =>
    chooseResolution({ from: now - ms, to: now }, { now, buckets });
  it('goes by the length of the range', () => {
    expect([2 * hour, 72 * hour, 73 * hour, 500 * day].map((ms) => back(ms))).toEqual([
      'raw',
      '1m',
      '1h',
      '1d',
    ]);
  });
  it('goes by the number of buckets where one is given', () => {
    expect([back(hour, 2_000), back(day, 2_000), back(30 * day, 2_000), back(365 * day, 2_000)]).toEqual([
      'raw',
      '1m',
      '1m',
      '1h',
    ]);
  });
  it('is one that is still kept', () => {
    const long = defaultRetention.raw + day;
    const past = (ms: number) => chooseResolution({ from: now - ms, to: now - ms + hour }, { now });
    expect([past(day), past(long), past(defaultRetention['1m'] + day), past(9_999 * day)]).toEqual([
      'raw',
      '1m',
      '1h',
      '1d',
    ]);
  });
});
