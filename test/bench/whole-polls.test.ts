import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWholePolls } from '../../bench/collect/whole-polls.ts';

test('polls under way when the counting begins or ends are counted on neither side', () => {
  const polls = createWholePolls();
  polls.ended(1, 100);
  polls.begin();
  polls.ended(2, 100);
  polls.ended(3, 100);
  polls.ended(4, 100);
  // The fifth has begun and not ended.
  expect(polls.end()).toEqual({ polls: 2, values: 200 });
});

test('what is lost is what the polls in between lacked, wherever the edges lie', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 30 }), fc.nat(29), fc.nat(29), (gave, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const polls = createWholePolls();
      let missing = 0;
      for (const [index, values] of gave.entries()) {
        if (index === from) polls.begin();
        polls.ended(index + 1, values);
        if (index > from && index < to) missing += 100 - values;
        if (index === to) break;
        if (index === to - 1) {
          const whole = polls.end();
          if (index >= from) expect(whole.polls * 100 - whole.values).toBe(missing);
        }
      }
    }),
  );
}); // prettier-ignore
