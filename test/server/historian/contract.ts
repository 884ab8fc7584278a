import { afterAll, beforeEach, describe, expect, test, type TestContext } from 'vitest';
import { bucketsIn } from '../../../server/historian/columns.ts';
import { samplesIn } from '../../../server/historian/sample-columns.ts';
import type {
  BucketResolution,
  Historian,
  Range,
  StoredReading,
} from '../../../server/historian/historian.ts';
import { badReading, badSample, everything, reading, sample, start, type Bench } from './support.ts';

const minute = 60_000;
const hour = 3_600_000;

/**
 * What every historian keeps to. `prepare` is asked once; each test works on points of its own. With `rested` the store
 * has had time to rearrange what it holds before it is asked.
 */
export function historianContract(options: {
  readonly name: string;
  readonly rested: boolean;
  readonly prepare: (context: Pick<TestContext, 'skip'>) => Promise<Bench>;
  /** Points of the big batch. */
  readonly many?: number;
}): void {
  describe.each([options.name])('%s', () => {
    let bench: Bench | undefined;
    let opened: Historian | undefined;
    let historian: Historian;
    let tests = 0;
    let point = '';

    beforeEach(async (context) => {
      bench ??= await options.prepare(context);
      historian = opened ??= await bench.open();
      tests += 1;
      point = `dc/pac-${tests}/supply-temperature`;
    });
    afterAll(async () => {
      await opened?.close();
      await bench?.remove();
    });

    async function given(...batches: StoredReading[][]): Promise<void> {
      for (const batch of batches) await historian.append(batch);
      if (options.rested) await bench?.rest();
    }
    const bucketsOf = async (id: string, range: Range, resolution: BucketResolution) => {
      const buckets = (await historian.buckets([id], range, resolution)).get(id) ?? [];
      const columns = await historian.columns([id], range, resolution);
      expect([...columns.values()].flatMap(bucketsIn)).toEqual(buckets);
      return buckets;
    };
    /** By itself and beside others: one answer. */
    const rawIn = async (id: string, range: Range, limit: number) => {
      const samples = await historian.raw(id, range, limit);
      const many = await historian.rawColumns(['dc/not-there/point', id], range, limit);
      expect([...many].map(([name, columns]) => [name, samplesIn(columns)])).toEqual([['dc/not-there/point', []], [id, samples]]); // prettier-ignore
      return samples;
    };
    const rawOf = (id: string) => rawIn(id, everything, 1_000_000);

    test('raw gives readings ascending when they came in any order', async () => {
      await given(
        [reading(point, start + 20_000, 3), reading(point, start, 1)],
        [reading(point, start + 10_000, 2)],
      );
      expect(await rawOf(point)).toEqual([
        sample(start, 1),
        sample(start + 10_000, 2),
        sample(start + 20_000, 3),
      ]);
    });

    test('raw holds the beginning of the range and not its end', async () => {
      await given([0, 1, 2, 3].map((i) => reading(point, start + i * minute, i)));
      const range = { from: start + minute, to: start + 3 * minute };
      expect(await rawIn(point, range, 10)).toEqual([
        sample(start + minute, 1),
        sample(start + 2 * minute, 2),
      ]);
    });

    test('raw cuts the newest when there are more than the limit', async () => {
      await given([0, 1, 2, 3, 4].map((i) => reading(point, start + i * minute, i)));
      expect(await rawIn(point, everything, 2)).toEqual([sample(start, 0), sample(start + minute, 1)]);
      expect(await rawIn(point, everything, 0)).toEqual([]);
    });

    test('raw and buckets are empty when nothing is there', async () => {
      await given([reading(point, start, 1)]);
      const before = { from: start - hour, to: start };
      expect(await rawIn(point, before, 10)).toEqual([]);
      expect(await bucketsOf(point, before, '1m')).toEqual([]);
      expect(await rawIn(point, { from: start, to: start }, 10)).toEqual([]);
      expect(await rawOf('dc/no-such/point')).toEqual([]);
      expect(await bucketsOf('dc/no-such/point', everything, '1h')).toEqual([]);
    });

    test('values come back to the last bit', async () => {
      const values = [0.1 + 0.2, -1e-7, 1.5e300, 5e-324, 0, 123_456_789.123_456_79, -40];
      await given(values.map((value, i) => reading(point, start + i, value)));
      expect((await rawOf(point)).map(({ value }) => value)).toEqual(values);
    });

    test('a bad reading keeps its quality and has no value', async () => {
      await given([
        reading(point, start, 21),
        badReading(point, start + 1_000),
        { point, at: start + 2_000, value: 21, quality: 7 },
      ]);
      expect(await rawOf(point)).toEqual([
        sample(start, 21),
        badSample(start + 1_000),
        { at: start + 2_000, value: Number.NaN, quality: 7 },
      ]);
    });

    test('a number that is none is a bad reading', async () => {
      await given([reading(point, start, Number.NaN), reading(point, start + 1, Infinity)]);
      expect(await rawOf(point)).toEqual([
        { at: start, value: Number.NaN, quality: 6 },
        { at: start + 1, value: Number.NaN, quality: 6 },
      ]);
    });

    test('buckets of a minute hold min, max, mean, last and counts of usable readings', async () => {
      const uncertain = { point, at: start + 50_000, value: 30, quality: 1 };
      await given(
        [reading(point, start, 20), reading(point, start + 10_000, 26), reading(point, start + 20_000, 23)],
        [badReading(point, start + 59_999), uncertain, reading(point, start + 3 * minute, 7)],
      );
      expect(await bucketsOf(point, everything, '1m')).toEqual([
        {
          at: start,
          min: 20,
          max: 30,
          mean: 99 / 4,
          last: 30,
          count: 5,
          good: 3,
          coveredMs: 59_999,
          states: null,
        },
        {
          at: start + 3 * minute,
          min: 7,
          max: 7,
          mean: 7,
          last: 7,
          count: 1,
          good: 1,
          coveredMs: minute,
          states: null,
        },
      ]);
    });

    test('a bucket of bad readings only has counts and no figures', async () => {
      await given([badReading(point, start), badReading(point, start + 1)]);
      expect(await bucketsOf(point, everything, '1m')).toEqual([
        {
          at: start,
          min: null,
          max: null,
          mean: null,
          last: null,
          count: 2,
          good: 0,
          coveredMs: 0,
          states: null,
        },
      ]);
    });

    test('the range is widened to whole buckets', async () => {
      await given(Array.from({ length: 180 }, (_, i) => reading(point, start + i * minute, i)));
      expect(await bucketsOf(point, { from: start + 30 * minute, to: start + 90 * minute }, '1h')).toEqual([
        {
          at: start,
          min: 0,
          max: 59,
          mean: 29.5,
          last: 59,
          count: 60,
          good: 60,
          coveredMs: hour,
          states: null,
        },
        {
          at: start + hour,
          min: 60,
          max: 119,
          mean: 89.5,
          last: 119,
          count: 60,
          good: 60,
          coveredMs: hour,
          states: null,
        },
      ]);
    });

    test('a day begins at midnight in WIB', async () => {
      const midnight = Date.parse('2026-03-02T00:00:00+07:00');
      await given([reading(point, midnight - 1, 1), reading(point, midnight, 2)]);
      expect((await bucketsOf(point, everything, '1d')).map(({ at, last }) => [at, last])).toEqual([
        [midnight - 24 * hour, 1],
        [midnight, 2],
      ]);
    });

    test('a reading holds into the next bucket, for as long as it may and no longer', async () => {
      // Readings of the contract's points hold for 60 s, those of its states for 90 s.
      await given([reading(point, start + 30_000, 5), badReading(point, start + 3 * minute)]);
      expect(await bucketsOf(point, everything, '1m')).toEqual([
        { at: start, min: 5, max: 5, mean: 5, last: 5, count: 1, good: 1, coveredMs: 30_000, states: null },
        { at: start + minute, min: 5, max: 5, mean: 5, last: 5, count: 0, good: 0, coveredMs: 30_000, states: null },
        { at: start + 3 * minute, min: null, max: null, mean: null, last: null, count: 1, good: 0, coveredMs: 0, states: null },
      ]); // prettier-ignore
    });

    test('the time in each state, over the bounds of hours and days; a gap is in no state', async () => {
      const state = `${point}/state`;
      const midnight = Date.parse('2026-03-02T00:00:00+07:00');
      await given([
        reading(state, midnight - 20_000, 2),
        reading(state, midnight + 40_000, 1),
        badReading(state, midnight + 60_000),
        reading(state, midnight + 120_000, 1),
      ]);
      const days = await bucketsOf(state, everything, '1d');
      expect(days.map(({ states, coveredMs }) => [states, coveredMs])).toEqual([
        [new Map([[2, 20_000]]), 20_000],
        [new Map([[2, 40_000], [1, 110_000]]), 150_000],
      ]); // prettier-ignore
      const hours = await bucketsOf(state, { from: midnight, to: midnight + 1 }, '1h');
      expect(hours[0]?.states).toEqual(days[1]?.states);
    });

    test('late readings repair buckets of every width', async () => {
      await given([reading(point, start, 10), reading(point, start + 5 * hour, 10)]);
      await given([reading(point, start + 1, 40), badReading(point, start + 2)]);
      for (const resolution of ['1m', '1h', '1d'] as const) {
        const [first] = await bucketsOf(point, everything, resolution);
        expect(first).toMatchObject({ max: 40, last: resolution === '1d' ? 10 : 40, coveredMs: resolution === '1d' ? 60_002 : 2 });
      } // prettier-ignore
    });

    test('a bucket into which a reading held is gone when a late reading ends that', async () => {
      await given([reading(point, start + hour - 10_000, 5)]);
      expect((await bucketsOf(point, everything, '1h')).map(({ at, count }) => [at, count])).toEqual([
        [start, 1],
        [start + hour, 0],
      ]);
      await given([badReading(point, start + hour - 5_000)]);
      for (const resolution of ['1m', '1h'] as const) {
        const [only, ...others] = await bucketsOf(point, everything, resolution);
        expect(only).toMatchObject({ max: 5, count: 2, good: 1, coveredMs: 5_000 });
        expect(others).toEqual([]);
      }
      expect(await bucketsOf(point, everything, '1d')).toMatchObject([
        { last: 5, count: 2, coveredMs: 5_000 },
      ]);
    });

    test('a figure is gone when a later append makes its only reading bad', async () => {
      await given([reading(point, start, 5)]);
      await given([badReading(point, start)]);
      for (const resolution of ['1m', '1h', '1d'] as const)
        expect(await bucketsOf(point, everything, resolution)).toMatchObject([
          { min: null, max: null, mean: null, last: null, count: 1, good: 0, coveredMs: 0 },
        ]);
    });

    test('buckets of many points come in one answer, without those of which nothing is known', async () => {
      await given([reading(point, start, 1), reading(`${point}/b`, start, 2)]);
      const found = await historian.buckets([point, `${point}/b`, `${point}/none`], everything, '1h');
      expect([...found].map(([id, buckets]) => [id, buckets.map(({ last }) => last)])).toEqual([
        [point, [1]],
        [`${point}/b`, [2]],
      ]);
    });

    test('a request that is given up rejects with the reason', async () => {
      await given([reading(point, start, 1)]);
      const gone = AbortSignal.abort(new Error('the reader has gone'));
      await expect(historian.raw(point, everything, 10, gone)).rejects.toThrow('the reader has gone');
      await expect(historian.rawColumns([point], everything, 10, gone)).rejects.toThrow(
        'the reader has gone',
      );
      await expect(historian.buckets([point], everything, '1h', gone)).rejects.toThrow('the reader has gone');
      await expect(historian.last(undefined, gone)).rejects.toThrow('the reader has gone');
    });

    test('the later append wins when point and time are the same', async () => {
      await given(
        [reading(point, start, 1), reading(point, start, 2)],
        [reading(point, start + 1, 5)],
        [reading(point, start, 3)],
      );
      expect(await rawOf(point)).toEqual([sample(start, 3), sample(start + 1, 5)]);
      await given([badReading(point, start)]);
      expect(await rawOf(point)).toEqual([badSample(start), sample(start + 1, 5)]);
      await given([reading(point, start, 4), reading(point, start + 1, 6), reading(point, start + 1, 7)]);
      expect(await rawOf(point)).toEqual([sample(start, 4), sample(start + 1, 7)]);
      expect((await historian.last()).get(point)).toEqual(sample(start + 1, 7));
    });

    test('late data is found in its place and does not become the last value', async () => {
      await given([reading(point, start + hour, 10), reading(point, start + hour + 1, 11)]);
      await given(
        [reading(point, start, 1), reading(point, start + hour - 1, 9)],
        [reading(point, start - 30 * 24 * hour, 0)],
      );
      expect((await rawOf(point)).map(({ value }) => value)).toEqual([0, 1, 9, 10, 11]);
      expect((await historian.last()).get(point)).toEqual(sample(start + hour + 1, 11));
    });

    test('last gives the newest reading of every point', async () => {
      const other = `${point}/other`;
      await given(
        [reading(point, start, 1), reading(other, start, 5)],
        [badReading(point, start + 2), reading(point, start + 1, 2)],
      );
      const last = await historian.last();
      expect(last.get(point)).toEqual(badSample(start + 2));
      expect(last.get(other)).toEqual(sample(start, 5));
    });

    test('last gives what was the newest at a time when asked for that time', async () => {
      const sparse = `${point}/sparse`;
      await given(
        [
          reading(point, start, 1),
          reading(sparse, start - 5 * hour, 50),
          reading(`${point}/later`, start + 2 * hour, 9),
        ],
        [
          reading(point, start + 61_000, 2),
          reading(point, start + hour, 3),
          reading(sparse, start + 2 * hour, 51),
        ],
      );
      const at = await historian.last(start + 61_000);
      expect(at.get(point)).toEqual(sample(start + 61_000, 2));
      expect(at.get(sparse)).toEqual(sample(start - 5 * hour, 50));
      expect(at.has(`${point}/later`)).toBe(false);
      const some = new Set([sparse, `${point}/later`, `${point}/none`]);
      expect(await historian.last(start + 61_000, undefined, some)).toEqual(
        new Map([[sparse, sample(start - 5 * hour, 50)]]),
      );
      expect((await historian.last(start + 60_999)).get(point)).toEqual(sample(start, 1));
      expect((await historian.last(start - 1)).has(point)).toBe(false);
    });

    test.each([
      ['spaces and commas', 'dc/ups a, b/l1=2/power'],
      ['quotes', `dc/o'clock/"left"/power`],
      ['other scripts', 'dc/gedung-Ω-数据/suhu °C/🌡'],
      ['backslashes', String.raw`dc/a\b/\'c\\`],
      ['line breaks', 'dc/two\nreading,point=x value=1\r\n/power'],
      ['percent signs', 'dc/50%/%0A/%'],
      ['what looks like a query', `x' OR 'a'='a`],
    ])('ids with %s stay what they are', async (_, id) => {
      const strange = `${id}#${tests}`;
      await given([reading(strange, start, 1), reading(`${strange} `, start, 2)]);
      expect(await rawOf(strange)).toEqual([sample(start, 1)]);
      expect((await historian.last()).get(strange)).toEqual(sample(start, 1));
      expect((await historian.last()).get(`${strange} `)).toEqual(sample(start, 2));
    });

    test('a reading without name or time is left out and the rest of the batch kept', async () => {
      await given([reading('', start, 1), reading(point, Number.NaN, 2), reading(point, start, 3)]);
      expect(await rawOf(point)).toEqual([sample(start, 3)]);
    });

    test('a restart keeps all', async () => {
      await given([
        reading(point, start, 1),
        badReading(point, start + 1),
        reading(point, start + minute, 2),
      ]);
      await historian.close();
      historian = opened = (await bench?.open()) ?? historian;
      await given([reading(point, start + 2, 3)]);
      expect(await rawOf(point)).toEqual([
        sample(start, 1),
        badSample(start + 1),
        sample(start + 2, 3),
        sample(start + minute, 2),
      ]);
      expect((await historian.last()).get(point)).toEqual(sample(start + minute, 2));
    });

    test('a big batch of many points is kept whole', async () => {
      const { many = 3_000 } = options;
      const points = Array.from({ length: many }, (_, i) => `drc/big-${i}/power`);
      await given(
        [10, 20, 70].flatMap((s) => points.map((id, i) => reading(id, start + s * 1_000 + i, i + s))),
      );
      const last = await historian.last();
      expect(points.every((id, i) => last.get(id)?.value === i + 70)).toBe(true);
      expect(await rawOf(`drc/big-${many - 1}/power`)).toEqual(
        [10, 20, 70].map((s) => sample(start + s * 1_000 + many - 1, many - 1 + s)),
      );
    });

    test('a long history comes whole when it spans many pages', async () => {
      const length = 25_000;
      await given(Array.from({ length }, (_, i) => reading(point, start + i * 2_000, i)));
      const samples = await rawOf(point);
      expect(samples.map(({ value }) => value)).toEqual(Array.from({ length }, (_, i) => i));
      const buckets = await bucketsOf(point, everything, '1h');
      expect(buckets.map(({ count }) => count).reduce((a, b) => a + b)).toBe(length);
    });

    test('nothing is wrong when all went well', async () => {
      await given([reading(point, start, 1)], []);
      expect(historian.problem()).toBeUndefined();
    });
  });
}
