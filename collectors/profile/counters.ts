/** What counters of a fixed width would read had they never wrapped, since the collector began to watch them. */
export interface Counters {
  /** @param raw of `point` now; it wraps at 2^width */
  unwrap(point: number, raw: number, width: 32 | 64): number;
}

/** Of the width: a counter that falls from above the last quarter to below the first has wrapped; any other fall is a restart. */
const quarter = 0.25;

export function createCounters(): Counters {
  const seen = new Map<number, { readonly raw: number; readonly wraps: number }>();
  return {
    unwrap(point, raw, width) {
      const range = 2 ** width;
      const last = seen.get(point);
      const fell = last !== undefined && raw < last.raw;
      const wrapped = fell && last.raw > range * (1 - quarter) && raw < range * quarter;
      const wraps = last === undefined || (fell && !wrapped) ? 0 : last.wraps + (wrapped ? 1 : 0);
      seen.set(point, { raw, wraps });
      return wraps * range + raw;
    },
  };
}
