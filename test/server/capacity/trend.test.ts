import { describe, expect, it } from 'vitest';
import { leastSquares, student95 } from '../../../server/capacity/regression.ts';
import { trendOf } from '../../../server/capacity/trend.ts';
import type { Bucket } from '../../../server/historian/historian.ts';

const dayMs = 86_400_000;
const start = Date.parse('2026-09-01T00:00:00+07:00');

function days(values: readonly number[], coveredMs = dayMs): Bucket[] {
  return values.map((mean, at) => ({
    at: start + at * dayMs,
    min: mean, max: mean, mean, last: mean, count: 8_640, good: 8_640, coveredMs, states: null,
  })); // prettier-ignore
}

const rising = (n: number): number[] =>
  Array.from({ length: n }, (_, at) => 300 + at + (at % 2 === 0 ? 2 : -2));

describe('a trend', () => {
  it('is the slope with its interval, and the days on which it reaches the limit', () => {
    const now = start + 60 * dayMs;
    const { trend, why } = trendOf(days(rising(60)), { limitKw: 460, now });
    expect(why).toBeNull();
    expect(trend?.kwPerMonth).toBeCloseTo(30, 0);
    expect(trend?.low).toBeLessThan(30);
    expect(trend?.high).toBeGreaterThan(30);
    // 360 kW on day 60, 1 kW a day: 100 days later.
    expect(trend?.reaches?.date).toBe(
      new Date(start + 160 * dayMs + 7 * 3_600_000).toISOString().slice(0, 10),
    );
    expect((trend?.reaches?.earliest ?? '') <= (trend?.reaches?.date ?? '')).toBe(true);
    expect((trend?.reaches?.latest ?? '') >= (trend?.reaches?.date ?? '')).toBe(true);
  });

  it('is none from fewer than 14 whole days', () => {
    expect(trendOf(days(rising(13)), { limitKw: 500, now: start }).why).toBe('too-few-days');
    expect(trendOf(days(rising(30), dayMs / 2), { limitKw: 500, now: start })).toEqual({
      days: [],
      trend: null,
      why: 'too-few-days',
    });
  });

  it('is none when the load may as well stand still', () => {
    const still = Array.from({ length: 40 }, (_, at) => 300 + (at % 7) * 3);
    expect(trendOf(days(still), { limitKw: 500, now: start + 40 * dayMs }).why).toBe('no-slope');
  });

  it('reaches no limit when it falls', () => {
    const falling = rising(40).map((kw) => 700 - kw);
    const { trend } = trendOf(days(falling), { limitKw: 500, now: start + 40 * dayMs });
    expect(trend?.kwPerMonth).toBeLessThan(0);
    expect(trend?.reaches).toBeNull();
  });
});

describe('least squares', () => {
  it('finds exact coefficients and refuses columns that say the same', () => {
    const rows = [[1, 0], [1, 1], [1, 2], [1, 5]]; // prettier-ignore
    expect(
      leastSquares(rows, [3, 5, 7, 13])?.coefficients.map((value) => Math.round(value * 1e9) / 1e9),
    ).toEqual([3, 2]);
    expect(
      leastSquares(
        rows.map(([one = 0, x = 0]) => [one, x, 2 * x]),
        [3, 5, 7, 13],
      ),
    ).toBeUndefined();
  });

  it('has the quantiles of the tables', () => {
    expect(student95(12)).toBeCloseTo(2.179, 2);
    expect(student95(60)).toBeCloseTo(2, 2);
  });
});
