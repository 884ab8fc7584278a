import { describe, expect, it } from 'vitest';
import { good, qualityCode } from '../../../core/reading.ts';
import { emptyCurrentValues } from '../../../server/pipeline/current.ts';
import { createFormula } from '../../../server/pipeline/formula.ts';
import type { Derived } from '../../../server/pipeline/sum.ts';

const minute = 60_000;
const noValue = qualityCode('no-value');

/** A hall's temperature over a window of ten minutes, read as often as it is said here. */
function hall() {
  const current = emptyCurrentValues(1);
  const evaluate = createFormula({ kind: 'rise', of: 0, windowMs: 10 * minute });
  return (at: number, celsius: number, quality = good): Derived | undefined => {
    current.at[0] = at;
    current.value[0] = celsius;
    current.quality[0] = quality;
    return evaluate(current);
  };
}

/** Read every ten seconds from one minute to another; the last answer. */
function over(
  read: ReturnType<typeof hall>,
  [from, to]: readonly [number, number],
  celsius: (minutes: number) => number,
) {
  let last: Derived | undefined;
  for (let at = from * minute; at <= to * minute; at += 10_000) last = read(at, celsius(at / minute));
  return last;
}

describe('how fast a temperature rises', () => {
  it('is its slope, per hour', () => {
    const result = over(hall(), [1, 11], (minutes) => 22 + minutes / 2);
    expect(result?.value).toBeCloseTo(30, 6);
    expect(result?.quality).toBe(good);
  });

  it('hardly follows noise of half a degree', () => {
    const result = over(hall(), [1, 21], (minutes) => 22 + 0.5 * Math.sin(minutes * 37));
    expect(Math.abs(result?.value ?? Number.NaN)).toBeLessThan(4);
  });

  it('is not known before half of the window was read', () => {
    const read = hall();
    expect(over(read, [1, 5], () => 22)).toEqual({ value: Number.NaN, quality: noValue });
    expect(over(read, [5, 6], () => 22)).toEqual({ value: 0, quality: good });
  });

  it('is not known while the temperature is not, and begins again after a gap', () => {
    const read = hall();
    over(read, [1, 11], (minutes) => 22 + minutes);
    expect(read(11.5 * minute, Number.NaN, qualityCode('timeout'))?.quality).toBe(qualityCode('timeout'));
    // A short gap is bridged by the line, a long one is not.
    expect(read(13 * minute, 35)?.quality).toBe(good);
    expect(read(30 * minute, 22)?.quality).toBe(noValue);
  });

  it('begins again when the source’s clock is set back', () => {
    const read = hall();
    over(read, [60, 70], () => 22);
    expect(read(10 * minute, 22)?.quality).toBe(noValue);
  });

  it('is as uncertain as the temperature', () => {
    const read = hall();
    over(read, [1, 11], () => 22);
    expect(read(11 * minute + 1, 22, qualityCode('partial'))?.quality).toBe(qualityCode('partial'));
  });
});
