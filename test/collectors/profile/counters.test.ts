import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCounters } from '../../../collectors/profile/decode.ts';

const range = 2 ** 32;

test('a counter that wraps goes on', () => {
  const counters = createCounters();
  const values = [range - 10, 5, 7, range - 1, 0].map((raw) => counters.unwrap(1, { raw, width: 32 }));
  expect(values).toEqual([range - 10, range + 5, range + 7, 2 * range - 1, 2 * range]);
});

test('a counter that falls from the middle has begun anew', () => {
  const counters = createCounters();
  expect([range / 2, 12, 13].map((raw) => counters.unwrap(1, { raw, width: 32 }))).toEqual([
    range / 2,
    12,
    13,
  ]);
});

test('every point has its own', () => {
  const counters = createCounters();
  counters.unwrap(1, { raw: range - 1, width: 32 });
  expect(counters.unwrap(2, { raw: 0, width: 32 })).toBe(0);
  expect(counters.unwrap(1, { raw: 0, width: 32 })).toBe(range);
});

test('steps below a quarter of the range add up, however often it wraps', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: range / 4 - 1 })), (steps) => {
      const counters = createCounters();
      let total = 0;
      counters.unwrap(0, { raw: 0, width: 32 });
      for (const step of steps) {
        total += step;
        expect(counters.unwrap(0, { raw: total % range, width: 32 })).toBe(total);
      }
    }),
  );
});

test('a value from before the last one is no restart', () => {
  const counters = createCounters();
  counters.unwrap(1, { raw: range - 5, width: 32, at: 1_000 });
  expect(counters.unwrap(1, { raw: 3, width: 32, at: 2_000 })).toBe(range + 3);
  expect(counters.unwrap(1, { raw: 2, width: 32, at: 1_500 })).toBe(range + 2);
  expect(counters.unwrap(1, { raw: 4, width: 32, at: 3_000 })).toBe(range + 4);
});
