import { type Reading, qualityCode } from '../../core/reading.ts';
import type { LiveValues } from '../contracts/live.ts';
import type { CurrentValues } from '../pipeline/current.ts';
import type { Model } from '../../config/model.ts';

/**
 * What a client shows, and which of it changed since the last send. Bounded by the list: a point that changes often
 * is one entry, sent with its newest value.
 */
export interface WatchList {
  /** Marks a point; ignored when the client does not watch it. */
  mark(point: number, urgent: boolean): void;
  /** A marked value must not wait for the next round. */
  isUrgent(): boolean;
  isEmpty(): boolean;
  /** Places of what was marked. */
  changed(): readonly number[];
  /** The newest values of places. */
  valuesOf(positions: readonly number[], current: CurrentValues): LiveValues;
  /** The newest values of what was marked; forgets the marks. */
  take(current: CurrentValues): LiveValues;
  all(current: CurrentValues): LiveValues;
}

const none = -1;
/** In a list: an unknown id. It has no value and never changes. */
export const noPoint = none;
const neverRead = qualityCode('never-read');

/** `watched`: dense indices in the client's order, the same point perhaps twice; `points`: how many the model has. */
export function watchList(watched: Int32Array, points: number): WatchList {
  // Positions of one point, as a chain: the newest position, and for each position the one before.
  const head = new Int32Array(points).fill(none);
  const before = new Int32Array(watched.length).fill(none);
  watched.forEach((point, position) => {
    if (point === noPoint) return;
    before[position] = head[point] ?? none;
    head[point] = position;
  });
  const marked = new Uint8Array(watched.length);
  let dirty: number[] = [];
  let urgentOnes = false;

  function values(positions: readonly number[], current: CurrentValues): LiveValues {
    const points = positions.map((position) => watched[position] ?? none);
    const whole = lastWhole(points, current);
    return {
      ...(whole === undefined ? {} : { whole }),
      position: positions,
      value: points.map((point) => numberOrNull(current.value[point])),
      at: points.map((point) => current.at[point] ?? 0),
      quality: points.map((point) => current.quality[point] ?? neverRead),
    };
  }

  return {
    mark(point, urgent) {
      const first = head[point] ?? none;
      if (first === none) return;
      if (urgent) urgentOnes = true;
      for (let position = first; position !== none; position = before[position] ?? none) {
        if (marked[position] === 1) continue;
        marked[position] = 1;
        dirty.push(position);
      }
    },
    isUrgent: () => urgentOnes,
    isEmpty: () => dirty.length === 0,
    changed: () => dirty,
    valuesOf: values,
    take(current) {
      const taken = values(dirty, current);
      marked.fill(0);
      dirty = [];
      urgentOnes = false;
      return taken;
    },
    all: (current) => values(Array.from(watched.keys()), current),
  };
}

/** The last complete values of the points without a value. */
function lastWhole(points: readonly number[], current: CurrentValues): LiveValues['whole'] {
  const whole = { row: [] as number[], value: [] as number[], at: [] as number[] };
  for (const [row, point] of points.entries()) {
    const at = current.wholeAt[point] ?? 0;
    const value = current.wholeValue[point];
    if (at === 0 || value === undefined || !Number.isNaN(current.value[point])) continue;
    whole.row.push(row);
    whole.value.push(value);
    whole.at.push(at);
  }
  return whole.row.length === 0 ? undefined : whole;
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/**
 * Selects readings that must not wait: a new value or quality of a state, or of a point polled at the safety rate.
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
