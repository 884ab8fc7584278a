import type { Point } from '../../config/model.ts';
import { isUsable, qualityCode } from '../../core/reading.ts';
import type { Sample } from './historian.ts';

const neverRead: Sample = { at: 0, value: Number.NaN, quality: qualityCode('never-read') };

/** The newest sample at or before `at`, as it was to be believed then: too old is stale and keeps its value. */
export function sampleAsOf(point: Point, sample: Sample | undefined, at: number): Sample {
  if (sample === undefined) return neverRead;
  const stale = isUsable(sample.quality) && at - sample.at > point.staleAfterMs;
  return stale ? { ...sample, quality: qualityCode('stale') } : sample;
}
