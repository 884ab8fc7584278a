import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BitReader, BitWriter } from '../../../../server/historian/embedded/codec/bits.ts';
import { decodeDoubles, encodeDoubles } from '../../../../server/historian/embedded/codec/doubles.ts';
import { decodeIntegers, encodeIntegers } from '../../../../server/historian/embedded/codec/integers.ts';
import {
  decodeFigures,
  encodeFigures,
  figuresAt,
} from '../../../../server/historian/embedded/codec/figures.ts';
import {
  decodeHour,
  decodeTimes,
  encodeHour,
  lenderOf,
  type SeriesHour,
} from '../../../../server/historian/embedded/codec/hour.ts';
import { createKnownCounts, openFigureRow } from '../../../../server/historian/embedded/codec/figure-row.ts';
import { createScratch } from '../../../../server/historian/embedded/codec/scratch.ts';
import { bucketsIn } from '../../../../server/historian/columns.ts';
import {
  createColumnsBuilder,
  createWorkspace,
} from '../../../../server/historian/embedded/columns-builder.ts';
import { bucketOf, createMinuteBuilder, type Figures } from '../../../../server/historian/figures.ts';

const grid = { start: Date.parse('2026-03-01T00:00:00Z'), widthMs: 60_000 };
/** Of the minute at a place, in which six readings were counted. */
function figuresOf(place: number, value: number): Figures {
  const at = grid.start + place * grid.widthMs;
  const [usable, good, coveredMs] = [6, 5, place % 7 === 0 ? 59_000 : 60_000];
  return { at, min: value - 0.5, max: value, last: value, sum: usable * value, usable, count: 6, good, coveredMs, states: null };
} // prettier-ignore
function oneHigher(figures: Figures): Figures {
  const { min, max, last, sum, usable } = figures;
  return { ...figures, min: min + 1, max: max + 1, last: last + 1, sum: sum + usable };
}

const whole = fc.integer({ min: -(2 ** 49), max: 2 ** 49 });
const decimal = (digits: number) =>
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 10 ** digits);
const double = fc.double({ noNaN: true, noDefaultInfinity: true });

function integersBack(values: readonly number[], needed = values.length): number[] {
  const writer = new BitWriter();
  encodeIntegers(writer, Float64Array.from(values));
  return [...decodeIntegers(new BitReader(writer.take()), values.length, { needed })];
}
function doublesBack(values: readonly number[], needed = values.length): number[] {
  return [...decodeDoubles(new BitReader(doubleBytes(values)), values.length, { needed })];
}
function doubleBytes(values: readonly number[]): Uint8Array {
  const writer = new BitWriter();
  encodeDoubles(writer, Float64Array.from(values));
  return writer.take();
}

describe('columns of numbers', () => {
  test('whole numbers come back whatever they are, and so do the first of them alone', () => {
    const column = fc.oneof(
      fc.array(whole, { maxLength: 300, size: 'max' }),
      fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 300, size: 'max' }),
      // A grid with jitter and holes, and steps that share a divisor.
      fc.array(fc.tuple(fc.nat(3), fc.nat(40)), { maxLength: 300, size: 'max' }).map((steps) => {
        let at = 0;
        return steps.map(([missed, jitter]) => (at += 10_000 * (missed + 1)) + jitter);
      }),
      fc.array(
        fc.integer({ min: -50, max: 50 }).map((value) => value * 25),
        { maxLength: 300, size: 'max' },
      ),
    );
    fc.assert(
      fc.property(column, fc.nat(300), (values, some) => {
        expect(integersBack(values)).toEqual(values);
        const needed = Math.min(some, values.length);
        expect(integersBack(values, needed)).toEqual(values.slice(0, needed));
      }),
    );
  });

  test('doubles come back to the last bit: decimals, sums of decimals, and any other', () => {
    const column = fc.oneof(
      fc.array(decimal(2), { maxLength: 200, size: 'max' }),
      fc.array(fc.tuple(decimal(2), decimal(2), decimal(1)).map(([a, b, c]) => a + b + c), { maxLength: 200, size: 'max' }),
      fc.array(double, { maxLength: 200, size: 'max' }),
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 200, size: 'max' }),
      fc.array(fc.oneof(decimal(3), double), { maxLength: 20 }),
      fc.array(fc.constantFrom(0, -0, 5e-324, -5e-324, Number.MAX_VALUE, 1, -1, 0.1 + 0.2), { maxLength: 20 }),
    ); // prettier-ignore
    fc.assert(
      fc.property(column, fc.nat(200), (values, some) => {
        expect(doublesBack(values)).toEqual(values);
        const needed = Math.min(some, values.length);
        expect(doublesBack(values, needed)).toEqual(values.slice(0, needed));
      }),
    );
  });

  test('a constant costs next to nothing, a slow register a fraction of a byte', () => {
    expect(doubleBytes(Array.from({ length: 3_600 }, () => 230.5)).length).toBeLessThanOrEqual(5);
    // A temperature in tenths that moves a step now and then.
    const slow = Array.from({ length: 360 }, (_, i) => Math.round(240 + 10 * Math.sin(i / 60)) / 10);
    expect(doubleBytes(slow).length / slow.length).toBeLessThan(0.25);
    // Its sum with another register is no decimal any more.
    const sums = slow.map((value, i) => value + (i % 7) * 0.1);
    expect(doubleBytes(sums).length / sums.length).toBeLessThan(1);
  });

  test('a spike costs its own size and no other value', () => {
    const quiet = Array.from({ length: 360 }, (_, i) => (i % 3) / 10);
    const withSpike = quiet.with(180, 9_999_999.9);
    expect(doubleBytes(withSpike).length - doubleBytes(quiet).length).toBeLessThan(40);
  });

  test('what ends too early is refused', () => {
    const bytes = doubleBytes(Array.from({ length: 100 }, (_, i) => Math.sin(i)));
    expect(() => decodeDoubles(new BitReader(bytes.subarray(0, 200)), 100)).toThrow(RangeError);
  });
});

describe('an hour of one series', () => {
  const hour = fc
    .uniqueArray(fc.nat(3_599_999), { maxLength: 100, size: 'max' })
    .chain((times) =>
      fc.tuple(
        fc.constant(times.sort((a, b) => a - b)),
        fc.array(fc.tuple(double, fc.constantFrom(0, 0, 0, 1, 3, 200)), {
          minLength: times.length,
          maxLength: times.length,
        }),
      ),
    )
    .map(([times, samples]): SeriesHour => {
      const value = samples.map(([value, quality]) => (quality > 2 ? Number.NaN : value));
      return {
        offset: Float64Array.from(times),
        value: Float64Array.from(value),
        quality: Uint8Array.from(samples, ([, quality]) => quality),
      };
    });

  test('comes back, whole or up to a time, with times of its own or those of another', () => {
    fc.assert(
      fc.property(hour, fc.nat(3_600_000), (given, until) => {
        const noTimes = () => {
          throw new Error('these are its own');
        };
        const own = encodeHour(given, undefined);
        expect(decodeHour(own, noTimes)).toEqual(given);
        const borrowed = encodeHour(given, 17);
        expect([lenderOf(own), lenderOf(borrowed)]).toEqual([undefined, 17]);
        const lend = (lender: number) => (lender === 17 ? decodeTimes(own) : noTimes());
        const needed = given.offset.filter((at) => at < until).length;
        expect(decodeHour(borrowed, lend, until)).toEqual({
          offset: given.offset.slice(0, needed),
          value: given.value.slice(0, needed),
          quality: given.quality.slice(0, needed),
        });
      }),
    );
  });

  test('a byte that changed is noticed', () => {
    const offset = Float64Array.from({ length: 360 }, (_, i) => i * 10_000 + ((i * 7) % 40));
    const blob = encodeHour({ offset, value: offset.map(Math.sin), quality: new Uint8Array(360) }, undefined);
    for (let i = 0; i < blob.length; i += 1) {
      const damaged = blob.with(i, (blob[i] ?? 0) ^ 0x10);
      expect(() => decodeHour(damaged, () => offset)).toThrow(RangeError);
    }
  });
});

describe('figures of one series', () => {
  const value = fc.oneof(decimal(1), decimal(1), fc.constantFrom(1, 2, 3), double);
  const sampleAt = (at: number) =>
    fc.tuple(value, fc.constantFrom(0, 0, 0, 1, 3)).map(([number, quality]) => ({ at, value: quality > 2 ? Number.NaN : number, quality })); // prettier-ignore

  test.each([true, false])('come back as they were made of samples (states: %s)', (isState) => {
    const samples = fc
      .uniqueArray(fc.nat(3_599_999), { maxLength: 200, size: 'max' })
      .chain((offsets) =>
        fc.tuple(...offsets.sort((a, b) => a - b).map((offset) => sampleAt(grid.start + offset))),
      );
    fc.assert(
      fc.property(samples, fc.nat(3_600_000), (given, spillMs) => {
        const figures: Figures[] = [];
        const range = { from: grid.start, to: grid.start + 3_600_000 };
        const facts = { isState, holdMs: 90_000 };
        const builder = createMinuteBuilder({ range, facts }, (each) => figures.push(each));
        for (const sample of given) builder.add(sample);
        builder.finish();
        const table = decodeFigures(encodeFigures(figures, grid, spillMs), grid);
        expect(figures.map((_, i) => figuresAt(table, i))).toEqual(
          figures.map((each) => ({ ...each, states: given.length === 0 ? null : each.states })),
        );
        expect(table.spillMs).toBe(spillMs);
      }),
    );
  });

  test('come straight into columns: of series with the same counts, and of one with others', () => {
    const readings = fc.array(fc.tuple(fc.boolean(), decimal(1)), {
      minLength: 2,
      maxLength: 60,
      size: 'max',
    });
    fc.assert(
      fc.property(readings, (given) => {
        const figures = given.flatMap(([isThere, value], i) => (isThere ? [figuresOf(i, value)] : []));
        const wanted = [figures, figures.map(oneHigher), figures.slice(1), figures];
        const known = createKnownCounts();
        const workspace = createWorkspace();
        const found = wanted.map((each) => {
          const row = openFigureRow(encodeFigures(each, grid), { grid, scratch: createScratch(), known });
          const builder = createColumnsBuilder(workspace);
          builder.addRow(row, 0, row.at.length);
          return builder.finish();
        });
        expect(found.map(bucketsIn)).toEqual(wanted.map((each) => each.map(bucketOf)));
      }),
      { numRuns: 20 },
    );
  });

  test('of a constant register cost a few bytes an hour', () => {
    const figures = Array.from({ length: 60 }, (_, i): Figures => {
      const at = grid.start + i * grid.widthMs;
      return { at, min: 23.5, max: 23.5, last: 23.5, sum: 6 * 23.5, usable: 6, count: 6, good: 6, coveredMs: 60_000, states: null };
    }); // prettier-ignore
    expect(encodeFigures(figures, grid).length).toBeLessThanOrEqual(24);
  });
});
