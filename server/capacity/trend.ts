import { dayMs, inWib } from '../../core/wib.ts';
import type { TrendView } from '../contracts/capacity.ts';
import type { Bucket } from '../historian/historian.ts';
import { leastSquares, student95 } from './regression.ts';

/** Two weeks hold every day of the week twice; less tells Monday from Sunday, not one month from the next. */
const leastDays = 14;
/** A bucket of fewer hours than these is not a day. */
const leastCoveredMs = 18 * 3_600_000;
const monthDays = 30;
/** Nobody plans a data centre further ahead; a line that crosses later says nothing. */
const longestDays = 3_650;

export type Trend = Pick<TrendView, 'days' | 'trend' | 'why'>;

/**
 * The line through daily means (kW) with the 95 % interval of its slope, and when it reaches a limit. No trend from fewer than 14 whole days, nor from a slope
 * that may as well be none. Days are taken as independent: the interval is narrower than a true one where loads drift for weeks.
 */
export function trendOf(
  buckets: readonly Bucket[],
  { limitKw, now }: { readonly limitKw: number | null; readonly now: number },
): Trend {
  const whole = buckets.flatMap(({ at, mean, coveredMs }) =>
    mean === null || coveredMs < leastCoveredMs ? [] : [{ at, kw: mean }],
  );
  const days = whole.map(({ at, kw }) => ({ day: dateOf(at), kw }));
  const first = whole[0]?.at ?? 0;
  if (whole.length < leastDays) return { days, trend: null, why: 'too-few-days' };
  const fit = leastSquares(
    whole.map(({ at }) => [1, (at - first) / dayMs]),
    whole.map(({ kw }) => kw),
  );
  const [start, slope] = fit?.coefficients ?? [];
  if (fit === undefined || start === undefined || slope === undefined)
    return { days, trend: null, why: 'no-slope' };
  const margin = student95(whole.length - 2) * (fit.errors[1] ?? 0);
  const [low, high] = [slope - margin, slope + margin];
  if (low <= 0 && high >= 0) return { days, trend: null, why: 'no-slope' };
  const today = (now - first) / dayMs;
  const present = start + slope * today;
  return {
    days,
    trend: {
      kwPerMonth: slope * monthDays,
      low: low * monthDays,
      high: high * monthDays,
      reaches: limitKw === null ? null : reach({ present, slope, low, high, limitKw, now }),
    },
    why: null,
  };
}

interface Line {
  readonly present: number;
  /** kW a day. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly limitKw: number;
  readonly now: number;
}

function reach({
  present,
  slope,
  low,
  high,
  limitKw,
  now,
}: Line): NonNullable<TrendView['trend']>['reaches'] {
  const daysAt = (kwPerDay: number): number => Math.max(0, (limitKw - present) / kwPerDay);
  if (slope <= 0 || daysAt(slope) > longestDays) return null;
  const date = (days: number): string => dateOf(now + days * dayMs);
  return {
    date: date(daysAt(slope)),
    earliest: date(daysAt(high)),
    latest: daysAt(low) > longestDays ? null : date(daysAt(low)),
  };
}

/** The day in WIB, `2026-11-29`. */
function dateOf(at: number): string {
  return inWib(at).toISOString().slice(0, 10);
}
