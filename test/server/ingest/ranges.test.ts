import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { contains, difference, from, withNumber, type Ranges } from '../../../server/ingest/ledger.ts';

const numbers = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 });
const rangesOf = (list: readonly number[]): Ranges => list.reduce<Ranges>(withNumber, []);

it('holds exactly the numbers that were added, as few ranges, in whatever order they came', () => {
  fc.assert(
    fc.property(numbers, (list) => {
      const ranges = rangesOf(list);
      const all = new Set(list);
      for (let number = 0; number <= 61; number += 1) expect(contains(ranges, number)).toBe(all.has(number));
      ranges
        .slice(1)
        .forEach(({ first }, index) => expect(first).toBeGreaterThan((ranges[index]?.last ?? 0) + 1));
    }),
  );
});

it('forgets only ranges that end below the floor', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 60 }), (list, floor) => {
      const kept = from(rangesOf(list), floor);
      expect(list.filter((number) => number >= floor && !contains(kept, number))).toEqual([]);
      for (const { last } of kept) expect(last).toBeGreaterThanOrEqual(floor);
    }),
  );
});

it('tells what to delete and what to insert', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 60 }), (list, more) => {
      const before = rangesOf(list);
      const after = withNumber(before, more);
      const { gone, come } = difference(before, after);
      const rest = before.filter((range) => !gone.includes(range));
      expect([...rest, ...come].toSorted((a, b) => a.first - b.first)).toEqual(after);
    }),
  );
});
