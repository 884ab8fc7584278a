import { expect, test } from 'vitest';
import { createSourceClocks, offsetOf, sampled } from '../../../collectors/drivers/json/source-clock.ts';

type Samples = ReturnType<typeof sampled>;
/** [source time minus arrival, time of arrival]. */
const offsetAfter = (each: readonly (readonly [number, number])[]): number | undefined =>
  offsetOf(each.reduce<Samples>((samples, [offset, monotonic]) => sampled(samples, offset, monotonic), []));

test('the least delayed of recent events tells the offset', () => {
  expect(offsetAfter([[-2_000, 0], [-300, 10_000], [-5_000, 20_000]])).toBe(-300);
}); // prettier-ignore

test('a controller that replays its past says nothing about its clock', () => {
  const replay = Array.from(
    { length: 300 },
    (_, index) => [-86_400_000 + index * 200_000, index * 50] as const,
  );
  expect(offsetAfter(replay)).toBeUndefined();
  expect(
    offsetAfter([[-200, 0], ...replay.map(([offset, at]) => [offset, at + 10] as const).slice(0, 19)]),
  ).toBe(-200);
});

test('a clock that is hours off is believed once two events apart agree', () => {
  expect(offsetAfter([[-9_000_000, 0]])).toBeUndefined();
  expect(offsetAfter([[-9_000_000, 0], [-9_001_000, 120_000]])).toBe(-9_001_000);
}); // prettier-ignore

test('a clock that is set is measured again', () => {
  const before = [[-100, 0], [-200, 70_000]] as const; // prettier-ignore
  expect(offsetAfter([...before, [7_200_000, 140_000], [7_199_900, 210_000]])).toBe(7_199_900);
});

test('every event carries the offset known then; a repeated one does not change it', () => {
  const clocks = createSourceClocks();
  const event = { id: 'dc/d#1', source: 'dc/d', at: 1_000_000, kind: 'other', attributes: {} };
  const [first] = clocks.stamp([event], { at: 1_000_400, monotonic: 0 });
  expect(first?.attributes).toEqual({ 'clock-offset': -400 });
  const [again] = clocks.stamp([event], { at: 1_030_000, monotonic: 30_000 });
  expect(again?.attributes).toEqual({ 'clock-offset': -400 });
});
