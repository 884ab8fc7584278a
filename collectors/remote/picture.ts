import type { Model } from '../../config/model.ts';
import type { NamedReading, Reading } from '../../core/reading.ts';

/** The newest reading of every point: what a server must see at once that knows nothing, or has heard nothing for a while. */
export interface Picture {
  add(readings: readonly Reading[]): void;
  /** Those that are not stale by their point's own measure. */
  fresh(now: number): NamedReading[];
}

export function createPicture(model: Pick<Model, 'points'>): Picture {
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
