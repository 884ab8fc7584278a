import { describe, expect, test } from 'vitest';
import { createClockGauge, heldAt } from '../../core/source-clock.ts';

const now = Date.parse('2026-08-17T03:00:00Z');
const hour = 3_600_000;

describe('the time under which a value is kept', () => {
  test.each([
    ['as sent', -2_000, false, -2_000],
    ['as sent by a gateway that held it back', -600_000, false, -600_000],
    ['of another zone, behind', -7 * hour, false, 0],
    ['of another zone, ahead', 7 * hour, false, 0],
    ['years ahead', 87_600 * hour, false, 0],
    ['of 1970', -now, false, 0],
    ['not a number', Number.NaN, false, 0],
    ['of the past', -7 * hour, true, -7 * hour],
    ['of the past, from the future', 7 * hour, true, 0],
    ['of the past, of 1970', -now, true, undefined],
  ] as const)('%s', (_, offset, isPast, expected) => {
    expect(heldAt(now + offset, { now, isPast })).toBe(expected === undefined ? undefined : now + expected);
  });
});

describe('the clock of a source', () => {
  function offsets(
    ...told: readonly (readonly [atSecond: number, offsetMs: number])[]
  ): (number | undefined)[] {
    const gauge = createClockGauge();
    return told.map(([second, offset]) =>
      gauge.observe(now + second * 1_000 + offset, { at: now + second * 1_000, monotonic: second * 1_000 }),
    );
  }
  test('is right within a minute, and while a gateway delays it', () => {
    expect(offsets([0, -300], [1, -40_000], [2, -600_000])).toEqual([-300, -40_000, 0]);
  });
  test('is wrong at once where it is ahead or not set, and right as soon as it is set', () => {
    expect(offsets([0, 7 * hour], [1, -now], [2, -100])).toEqual([7 * hour, -now, -100]);
  });
  test('is wrong where it is behind for longer than a gateway replays what it kept', () => {
    const behind = -7 * hour;
    expect(offsets([0, behind], [30, behind], [61, behind])).toEqual([undefined, undefined, behind]);
    expect(offsets([0, behind], [30, -2_000], [61, behind])).toEqual([undefined, -2_000, -2_000]);
  });
});
