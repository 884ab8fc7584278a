import { type QualityCode, qualityCode } from '../../core/reading.ts';

/** The newest value of every point, by dense index. Written by the pipeline only. */
export interface CurrentValues {
  /** NaN where there is no number. */
  readonly value: Float64Array;
  /** Source time, epoch ms; 0 when never read. */
  readonly at: Float64Array;
  /**
   * The same moment by a clock that never jumps (ms that look like epoch ms of the start; 0 when never read): what ages, and what is
   * compared between points, uses this.
   */
  readonly since: Float64Array;
  readonly quality: Uint8Array;
  /**
   * Of derived points: the last value to which nothing was missing, NaN before there was one, and its time. A page shows it, as what it is,
   * while the value itself is missing a part.
   */
  readonly wholeValue: Float64Array;
  readonly wholeAt: Float64Array;
}

export function emptyCurrentValues(points: number): CurrentValues {
  const neverRead: QualityCode = qualityCode('never-read');
  return {
    value: new Float64Array(points).fill(Number.NaN),
    at: new Float64Array(points),
    since: new Float64Array(points),
    quality: new Uint8Array(points).fill(neverRead),
    wholeValue: new Float64Array(points).fill(Number.NaN),
    wholeAt: new Float64Array(points),
  };
}
