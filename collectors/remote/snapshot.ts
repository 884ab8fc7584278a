import type { Model } from '../../config/model.ts';
import { monotonicOf, type Instant } from '../../core/clock.ts';
import type { NamedReading, Reading } from '../../core/reading.ts';

/** The newest reading of every point: for a server that has just started, or has not been reached for a while. */
export interface SiteSnapshot {
  add(readings: readonly Reading[], now: Instant): void;
  /** Those that are not stale by the limit of their point. */
  fresh(monotonic: number): NamedReading[];
}

export function createSnapshot(model: Pick<Model, 'points'>): SiteSnapshot {
  const newest: ({ readonly reading: Reading; readonly since: number } | undefined)[] = Array.from(
    { length: model.points.length },
    () => undefined,
  );
  return {
    add(readings, now) {
      for (const reading of readings) {
        const since = monotonicOf(reading.at, now);
        const known = newest[reading.point];
        // By either time: after the wall clock is set back, what it stamped before must not hold off what comes now.
        if (known === undefined || reading.at >= known.reading.at || since >= known.since)
          newest[reading.point] = { reading, since };
      }
    },
    fresh: (monotonic) =>
      newest.flatMap((entry, index) => {
        const point = model.points[index];
        if (entry === undefined || point === undefined || monotonic - entry.since > point.staleAfterMs)
          return [];
        return [{ ...entry.reading, point: point.id }];
      }),
  };
}
