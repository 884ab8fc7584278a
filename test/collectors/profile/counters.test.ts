import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCounters } from '../../../collectors/profile/counters.ts';

const range = 2 ** 32;

test('a counter that wraps goes on', () => {
  const counters = createCounters();
  const values = [range - 10, 5, 7, range - 1, 0].map((raw) => counters.unwrap(1, raw, 32));
  expect(values).toEqual([range - 10, range + 5, range + 7, 2 * range - 1, 2 * range]);
});

test('a counter that falls from the middle has begun anew', () => {
  const counters = createCounters();
  expect([range / 2, 12, 13].map((raw) => counters.unwrap(1, raw, 32))).toEqual([range / 2, 12, 13]);
});

test('every point has its own', () => {
  const counters = createCounters();
  counters.unwrap(1, range - 1, 32);
  expect(counters.unwrap(2, 0, 32)).toBe(0);
  expect(counters.unwrap(1, 0, 32)).toBe(range);
});

test('steps below a quarter of the range add up, however often it wraps', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: range / 4 - 1 })), (steps) => {
      const counters = createCounters();
      let total = 0;
      counters.unwrap(0, 0, 32);
      for (const step of steps) {
        total += step;
        expect(counters.unwrap(0, total % range, 32)).toBe(total);
      }
    }),
  );
});
