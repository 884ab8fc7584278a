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

test.each([
  { gave: [100, 100, 100, 100], lost: 0 },
  { gave: [100, 0, 98, 100], lost: 102 },
  { gave: [0, 100, 100, 0], lost: 0 },
])(
  'of polls that gave $gave with the edges in the first and the last, $lost values are lost',
  ({ gave, lost }) => {
    const polls = createWholePolls();
    polls.begin();
    for (const [index, values] of gave.entries()) {
      const counted = index === gave.length - 1 ? polls.end() : undefined;
      polls.ended(index + 1, values);
      expect((counted?.polls ?? 0) * 100 - (counted?.values ?? 0)).toBe(counted === undefined ? 0 : lost);
    }
  },
);
