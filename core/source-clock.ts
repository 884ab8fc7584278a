/**
 * Times that sources send, by clocks that may be wrong: not set (1970), set to another zone, years ahead. Pure arithmetic, shared by
 * all that reports by itself.
 */

/** A clock that is further off is wrong, and says so (rule `device-clock`); s. */
export const wrongClockS = 60;

/** What a source reports now was measured now; gateways may hold a message back for some minutes. */
const mostBehindMs = 3_600_000;
/** A clock without a battery starts in 1970 or 2000. Replayed events of past years are genuine. */
export const earliestAt = Date.parse('2001-01-01T00:00:00Z');

/**
 * The time under which a value is kept. A live value holds at its arrival where the source's time cannot be right: later than now, or
 * further back than any delay. What is of the past keeps its time if it can be one; undefined: it cannot, and nobody knows when it was.
 */
export function heldAt(
  at: number,
  { now, isPast }: { readonly now: number; readonly isPast: boolean },
): number | undefined {
  if (at >= earliestAt && at <= now && (isPast || now - at <= mostBehindMs)) return at;
  return isPast && !(at > now) ? undefined : now;
}

/** What is known of the clock of one source. */
export interface ClockGauge {
  /** A live message came with this time. Returns the clock minus ours as now known, ms; undefined: not known yet. */
  observe(at: number, arrived: { readonly at: number; readonly monotonic: number }): number | undefined;
}

/** A replay of what a gateway kept is over by then, or is long enough to be worth a look. */
const behindForMs = 60_000;

/**
 * A time later than now, or before there were such devices, can only come of a wrong clock. One further back than any delay shows a wrong
 * clock when that lasts. Less than that cannot be told from a delay, and counts as right.
 */
export function createClockGauge(): ClockGauge {
  let known: number | undefined;
  let behindSince: number | undefined;
  return {
    observe(at, arrived) {
      const offset = at - arrived.at;
      const isBehind = offset < -mostBehindMs;
      behindSince = isBehind ? (behindSince ?? arrived.monotonic) : undefined;
      if (offset > 0 || at < earliestAt || Math.abs(offset) <= wrongClockS * 1_000) known = offset;
      else if (behindSince === undefined) known = 0;
      else if (arrived.monotonic - behindSince >= behindForMs) known = offset;
      return known;
    },
  };
}
