import { describeQuality, type QualityCode } from '../core/reading.ts';

/** What a page shows of one point. Replaced, never changed, so that React sees a change by identity. */
export interface PointValue {
  /** null when there is none; a stale point keeps its last value. */
  readonly value: number | null;
  /** Source time, epoch ms; 0 when never read. */
  readonly at: number;
  readonly quality: QualityCode;
  /** By the server's word, or because its age passed what the point allows. */
  readonly stale: boolean;
  /** Of a derived point that misses a part now: its last whole value, and when that was. */
  readonly lastWhole?: { readonly value: number; readonly at: number };
}

/** How a value may be shown: only `good` and `uncertain` are numbers to rely on. */
export type Standing = 'good' | 'uncertain' | 'stale' | 'bad';

export function standing(point: PointValue | undefined): Standing {
  if (point === undefined) return 'bad';
  if (point.stale) return 'stale';
  return describeQuality(point.quality).quality;
}

/** The number if it is usable now; undefined when it is bad, stale or missing. */
export function usableValue(point: PointValue | undefined): number | undefined {
  const how = standing(point);
  return how === 'good' || how === 'uncertain' ? (point?.value ?? undefined) : undefined;
}

/** Looks a point up; the hook's answer or a test's map. */
export type Get = (id: string | null | undefined) => PointValue | undefined;
