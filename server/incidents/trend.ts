/** A value is compared with what it was this long ago. */
const spanMs = 60_000;
/** Less change than this share of the limit is none. */
const noticeable = 0.005;

type Trend = 'rising' | 'falling' | 'steady';

/** Which way values go; null for the first minute. `monotonic`: ms. */
export function createTrends(
  monotonic: () => number,
): (point: number, value: number, scale: number) => Trend | null {
  const seen = new Map<number, { at: number; value: number; trend: Trend | null }>();
  return (point, value, scale) => {
    const at = monotonic();
    const before = seen.get(point);
    if (before === undefined || at - before.at > 3 * spanMs) {
      seen.set(point, { at, value, trend: null });
      return null;
    }
    if (at - before.at < spanMs) return before.trend;
    const change = value - before.value;
    const trend = Math.abs(change) <= noticeable * scale ? 'steady' : change > 0 ? 'rising' : 'falling';
    seen.set(point, { at, value, trend });
    return trend;
  };
}
