/** What counters of a fixed width would read had they never wrapped, since the collector began to watch them. */
export interface Counters {
  /** The newest raw value of a point; one that is older than the last seen changes nothing that is remembered. */
  unwrap(point: number, sample: CounterSample): number;
}

interface CounterSample {
  readonly raw: number;
  /** It wraps at 2^width. */
  readonly width: 32 | 64;
  /** Source time, epoch ms; undefined: now. */
  readonly at?: number | undefined;
}

/** Of the width: a counter that falls from above the last quarter to below the first has wrapped; any other fall is a restart. */
const quarter = 0.25;

export function createCounters(): Counters {
  const seen = new Map<number, { readonly raw: number; readonly wraps: number; readonly at: number }>();
  return {
    unwrap(point, { raw, width, at = Infinity }) {
      const range = 2 ** width;
      const last = seen.get(point);
      // A retained or late message of an MQTT device is a fall, but neither a wrap nor a restart.
      if (last !== undefined && at < last.at && Number.isFinite(last.at)) return last.wraps * range + raw;
      const fell = last !== undefined && raw < last.raw;
      const wrapped = fell && last.raw > range * (1 - quarter) && raw < range * quarter;
      const wraps = last === undefined || (fell && !wrapped) ? 0 : last.wraps + (wrapped ? 1 : 0);
      seen.set(point, { raw, wraps, at });
      return wraps * range + raw;
    },
  };
}
