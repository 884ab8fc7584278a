import type { Model } from '../../config/model.ts';
import type { NamedReading, Reading } from '../../core/reading.ts';

/** The newest reading of every point: for a server that has just started, or has not been reached for a while. */
export interface SiteSnapshot {
  add(readings: readonly Reading[]): void;
  /** Those that are not stale by the limit of their point. */
  fresh(now: number): NamedReading[];
}

export function createSnapshot(model: Pick<Model, 'points'>): SiteSnapshot {
  const newest: (Reading | undefined)[] = Array.from({ length: model.points.length }, () => undefined);
  return {
    add(readings) {
      for (const reading of readings)
        if (reading.at >= (newest[reading.point]?.at ?? -Infinity)) newest[reading.point] = reading;
    },
    fresh: (now) =>
      newest.flatMap((reading, index) => {
        const point = model.points[index];
        if (reading === undefined || point === undefined || now - reading.at > point.staleAfterMs) return [];
        return [{ ...reading, point: point.id }];
      }),
  };
}
