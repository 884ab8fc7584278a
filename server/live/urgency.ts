import type { Model } from '../../config/model.ts';
import type { Reading } from '../../core/reading.ts';

/**
 * Tells readings that must not wait: a new value or quality of a state, or of a point polled as fast as safety asks.
 * A value that is only confirmed can wait for the round.
 */
export function changeDetector(model: Model): (reading: Reading) => boolean {
  const quick = Uint8Array.from(model.points, (point) =>
    point.unit === 'state' || point.intervalMs <= model.intervalsMs.safety ? 1 : 0,
  );
  const value = new Float64Array(model.points.length).fill(Number.NaN);
  const quality = new Int16Array(model.points.length).fill(-1);
  return (reading) => {
    const { point } = reading;
    const changed = !Object.is(value[point], reading.value) || quality[point] !== reading.quality;
    value[point] = reading.value;
    quality[point] = reading.quality;
    return changed && quick[point] === 1;
  };
}
