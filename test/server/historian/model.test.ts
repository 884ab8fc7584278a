import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bucketsIn } from '../../../server/historian/columns.ts';
import { openReader } from '../../../server/historian/embedded/reader.ts';
import { openStore, type Store } from '../../../server/historian/embedded/store.ts';
import { firstSamples, wholeBuckets } from '../../../server/historian/figures.ts';
import {
  bucketMs,
  type Bucket,
  type BucketResolution,
  type PointFacts,
  type Range,
  type Sample,
} from '../../../server/historian/historian.ts';
import { samplesIn } from '../../../server/historian/sample-columns.ts';
import { start, temporaryFolder } from './support.ts';

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true }));

/** The contract, as plainly as it can be said. */
class Naive {
  readonly #points = new Map<string, Map<number, Sample>>();
  append(point: string, sample: Sample): void {
    this.#points.set(point, (this.#points.get(point) ?? new Map<number, Sample>()).set(sample.at, sample));
  }
  raw(point: string, { from, to }: Range): Sample[] {
    const samples = [...(this.#points.get(point)?.values() ?? [])];
    return samples.filter(({ at }) => at >= from && at < to).sort((a, b) => a.at - b.at);
  }
  last(at: number): Map<string, Sample> {
    const newest = [...this.#points.keys()].flatMap((point): [string, Sample][] => {
      const sample = this.raw(point, { from: -Infinity, to: at + 1 }).at(-1);
      return sample === undefined ? [] : [[point, sample]];
    });
    return new Map(newest);
  }
  /** Looks at every millisecond bound where something changes: a reading, the end of its hold, the bounds of buckets. */
  buckets(point: string, asked: Range, resolution: BucketResolution, facts: PointFacts): Bucket[] {
    const range = wholeBuckets(asked, resolution);
    const all = this.raw(point, { from: -Infinity, to: Infinity });
    const found: Bucket[] = [];
    for (let at = range.from; at < range.to; at += bucketMs[resolution]) {
      const end = at + bucketMs[resolution];
      const within = all.filter((each) => each.at >= at && each.at < end);
      const usable = within.filter(({ quality }) => quality <= 2).map(({ value }) => value);
      const holds = all.flatMap((each, i) => {
        const until = Math.min(all[i + 1]?.at ?? Infinity, each.at + facts.holdMs, end);
        const ms = until - Math.max(each.at, at);
        return each.quality <= 2 && ms > 0 ? [{ value: each.value, ms }] : [];
      });
      if (within.length === 0 && holds.length === 0) continue;
      const states = new Map<number, number>();
      for (const { value, ms } of holds) states.set(value, (states.get(value) ?? 0) + ms);
      const values = usable.length > 0 ? usable : holds.map(({ value }) => value).slice(-1);
      const none = values.length === 0;
      found.push({
        at,
        min: none ? null : Math.min(...values),
        max: none ? null : Math.max(...values),
        mean: none ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
        last: values.at(-1) ?? null,
        count: within.length,
        good: within.filter(({ quality }) => quality === 0).length,
        coveredMs: holds.reduce((sum, { ms }) => sum + ms, 0),
        states: facts.isState ? states : null,
      });
    }
    return found;
  }
}

/** Holds over a minute's end, so that values are carried into buckets. */
const facts: PointFacts = { isState: true, holdMs: 90_000 };

/** Few points over two shards and few times around minute and hour bounds, so that they collide often. */
const points = Array.from({ length: 300 }, (_, i) => `dc/p-${i}`);
const point = fc.constantFrom('dc/p-0', 'dc/p-1', 'dc/p-255', 'dc/p-256', 'dc/p-299');
const time = fc
  .tuple(fc.constantFrom(-60, -1, 0, 1, 60), fc.constantFrom(-1, 0, 59_999))
  .map(([minutes, ms]) => start + minutes * 60_000 + ms);
const sample = fc
  .tuple(time, fc.integer({ min: -1_000, max: 1_000 }), fc.constantFrom(0, 0, 0, 1, 3))
  .map(([at, value, quality]): Sample => ({ at, value: quality === 3 ? Number.NaN : value / 8, quality }));
const later = fc
  .tuple(time, fc.constantFrom(-2, 0, 2, 48))
  .map(([at, hours]) => at + hours * 3_600_000 + 90_000);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      readings: fc.array(fc.tuple(point, sample), { minLength: 1, maxLength: 12, size: 'max' }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), now: time }) },
  // At any time of the clock, which may go back; all that waits, or the first steps of it.
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('compact' as const),
      now: later,
      steps: fc.constantFrom(1, 2, 100),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

/** Merges, compacts hours and settles days, as far as the steps go. */
function compact(store: Store, { now, steps }: { readonly now: number; readonly steps: number }): void {
  store.merge(now);
  for (let i = 0; i < steps; i += 1) {
    const next = store.nextHour(now);
    if (next !== undefined)
      store.compact(
        next,
        Array.from({ length: 256 }, () => facts),
      );
    else if (!store.settle(now)) return;
  }
}

test('the embedded store answers as a naive one whatever is appended, merged and reopened in any order', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25, size: 'max' }),
      point,
      time,
      time,
      fc.integer({ min: 1, max: 9 }),
      async (steps, asked, a, b, limit) => {
        const path = join(folder, `${(runs += 1)}.db`);
        const naive = new Naive();
        let store = openStore(path);
        const append = (readings: readonly (readonly [string, Sample])[]): void => {
          for (const [id, sample] of readings) naive.append(id, sample);
          const samples = readings.map(([, sample]) => sample);
          store.append({
            points: readings.map(([id]) => id),
            at: Float64Array.from(samples, ({ at }) => at),
            value: Float64Array.from(samples, ({ value }) => value),
            quality: Uint8Array.from(samples, ({ quality }) => quality),
          });
        };
        // All points known at first, so that their places in the shards are settled.
        append(points.map((id) => [id, { at: start - 86_400_000, value: 0, quality: 0 }]));
        for (const now of steps) {
          if (now.do === 'append') append(now.readings);
          else if (now.do === 'merge') store.merge(now.now);
          else if (now.do === 'compact') compact(store, now);
          else {
            store.close();
            store = openStore(path);
          }
        }
        const reader = openReader(path);
        const range = { from: Math.min(a, b), to: Math.max(a, b) };
        try {
          expect(await firstSamples(reader.scan(asked, range), limit)).toEqual(
            naive.raw(asked, range).slice(0, limit),
          );
          const many = await reader.samples([asked], { range, limit });
          expect([...many.values()].flatMap(samplesIn)).toEqual(naive.raw(asked, range).slice(0, limit));
          for (const resolution of ['1m', '1h', '1d'] as const) {
            const answer = await reader.columns([asked], { range, resolution, facts: () => facts });
            expect([...answer.values()].flatMap(bucketsIn)).toEqual(
              naive.buckets(asked, range, resolution, facts),
            );
          }
          expect(await reader.last(a)).toEqual(naive.last(a));
          expect(await reader.last(Infinity)).toEqual(naive.last(Infinity));
        } finally {
          reader.close();
          store.close();
        }
      },
    ),
    { numRuns: 60 },
  );
});
