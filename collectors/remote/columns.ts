import type { NamedReading } from '../../core/reading.ts';
import type { WireBatch } from './wire.ts';

type WireColumns = Pick<WireBatch, 'points' | 'point' | 'at' | 'value' | 'quality'>;

/** Readings as the wire carries them: every point id once. NaN, which JSON does not know, is null. */
export function wireColumns(readings: readonly NamedReading[]): WireColumns {
  const places = new Map<string, number>();
  const point = readings.map((reading) => {
    const known = places.get(reading.point);
    if (known !== undefined) return known;
    places.set(reading.point, places.size);
    return places.size - 1;
  });
  return {
    points: [...places.keys()],
    point,
    at: readings.map(({ at }) => at),
    value: readings.map(({ value }) => (Number.isFinite(value) ? value : null)),
    quality: readings.map(({ quality }) => quality),
  };
}
