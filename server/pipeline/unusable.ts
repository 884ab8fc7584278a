import type { Formula } from '../../config/point-source.ts';
import { good, isUsable, qualityCode, type QualityCode } from '../../core/reading.ts';
import type { CurrentValues } from './current.ts';
import type { Derived } from './sum.ts';

/** The source answered, and what it said is no value: nonsense, not silence. */
const nonsense = new Set<QualityCode>([qualityCode('out-of-range'), qualityCode('decode')]);
const absentCode = qualityCode('no-value');

/**
 * Counts the inputs whose source answers with nothing that can be believed. Inputs that are silent or stale are not counted, since a lost
 * device has an alarm of its own; while there are any, the count is uncertain (partial): it may raise an alarm and never clears one.
 */
export function countUnusable(
  { inputs, absent }: Extract<Formula, { kind: 'unusable' }>,
  current: CurrentValues,
): Derived {
  const qualities = inputs.map((input) => current.quality[input] ?? qualityCode('never-read'));
  const isNonsense = (quality: QualityCode): boolean =>
    nonsense.has(quality) || (absent && quality === absentCode);
  const unusable = qualities.filter(isNonsense).length;
  // A device that never has this value says nothing wrong by leaving it out.
  const usable = qualities.filter(
    (quality) => isUsable(quality) || (!absent && quality === absentCode),
  ).length;
  if (unusable + usable === 0) return { value: Number.NaN, quality: qualityCode('no-value') };
  return {
    value: unusable,
    quality: unusable + usable === inputs.length ? good : qualityCode('partial'),
  };
}
