import { expect, test } from 'vitest';
import { shareStrings } from '../../config/shared-strings.ts';

const graph = () => {
  const rack = { kind: 'rack', at: 'hall-1', tags: ['a', 'a'], none: null, kw: 2.5 };
  const shared = { rack, again: rack, byId: new Map<string, unknown>([['hall-1', rack], ['x', 'rack']]), kinds: new Set(['rack', 'hall-1']) }; // prettier-ignore
  return { ...shared, self: shared };
};

test('strings are shared and nothing else changes, also in maps, sets and circles', async () => {
  const copy = structuredClone(graph());
  await shareStrings(copy);
  expect(copy).toEqual(graph());
  expect(copy.again).toBe(copy.rack);
  expect([...copy.byId.keys()]).toEqual(['hall-1', 'x']);
});

test('what is large is done in turns of the event loop', async () => {
  let turns = 0;
  const count = setInterval(() => (turns += 1), 0);
  const rows = Array.from({ length: 300_000 }, (_, n) => ({ name: `n${n % 10}` }));
  await shareStrings(rows);
  clearInterval(count);
  expect(turns).toBeGreaterThan(2);
});
