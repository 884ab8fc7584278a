import { describeQuality } from '../../collectors/reading.ts';
import type { PointValue } from '../live/store.ts';

/** How a value may be shown: only `good` and `uncertain` are numbers to rely on. */
export type Standing = 'good' | 'uncertain' | 'stale' | 'bad';

export function standing(point: PointValue | undefined): Standing {
  if (point === undefined) return 'bad';
  if (point.stale) return 'stale';
  return describeQuality(point.quality).quality;
}

/** The number, if it can be believed now; undefined for what is bad, stale or not there. */
export function believed(point: PointValue | undefined): number | undefined {
  const how = standing(point);
  return how === 'good' || how === 'uncertain' ? (point?.value ?? undefined) : undefined;
}

/** Looks a point up; the hook's answer or a test's map. */
export type Get = (id: string | null | undefined) => PointValue | undefined;
