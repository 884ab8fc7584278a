import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeadlines } from '../../core/deadlines.ts';

it('what is due is what a list of the latest moments says, in any order of setting and taking', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.oneof(
    fc.record({ does: fc.constant('set' as const), key, at: fc.oneof(fc.nat(50), fc.constant(Infinity)) }),
    fc.record({ does: fc.constant('delete' as const), key }),
    fc.record({ does: fc.constant('take' as const), now: fc.nat(50) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const deadlines = createDeadlines();
      const expected = new Map<string, number>();
      const taken: string[][] = [];
      const due: string[][] = [];
      for (const each of steps) {
        if (each.does === 'set') {
          deadlines.set(each.key, each.at);
          expected.set(each.key, each.at);
        } else if (each.does === 'delete') {
          deadlines.delete(each.key);
          expected.delete(each.key);
        } else {
          taken.push(deadlines.take(each.now).toSorted());
          due.push([...expected].flatMap(([name, at]) => (at <= each.now ? name : [])).toSorted());
          for (const name of due.at(-1) ?? []) expected.delete(name);
        }
      }
      expect(taken).toEqual(due);
    }),
  );
});
