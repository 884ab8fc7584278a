import { complianceReasons as reasons } from '../../domain/wording/compliance.ts';
import type { Label } from '../../config/schema/common.ts';
import { isUsable, qualityCode } from '../../core/reading.ts';
import type { Judged } from '../contracts/compliance.ts';
import { isWithin, type BoundPoint, type MeasuredProof } from './bind.ts';
import type { Needed } from './verdict.ts';

/** The newest values of all points, by index (`pipeline/current`). */
export interface ValuesNow {
  readonly value: ArrayLike<number>;
  readonly quality: ArrayLike<number>;
}

const partial = qualityCode('partial');

/** What is measured at this moment against its limits. A value that is not good proves nothing. Pure. */
export function judgeNow(proof: MeasuredProof, now: ValuesNow, needed: Pick<Needed, 'coverage'>): Judged {
  const { points } = proof;
  if (points.length === 0) return { verdict: 'not-proven', reason: reasons.noPoints };
  const broken: Label[] = [];
  const unread: Label[] = [];
  for (const bound of points) {
    const place = placeOf(bound, now);
    if (place === 'unread') unread.push(bound.thing);
    else if (place === 'broken') broken.push(bound.thing);
  }
  if (broken.length > 0) return { verdict: 'fails', reason: reasons.outside(broken, points.length) };
  const read = points.length - unread.length;
  if (read * 100 < points.length * needed.coverage)
    return { verdict: 'not-proven', reason: reasons.unread(unread, points.length) };
  return {
    verdict: 'holds',
    reason: unread.length === 0 ? reasons.allWithin(points.length) : reasons.withinBut(read, unread),
  };
}

function placeOf(
  bound: BoundPoint,
  { value: values, quality: qualities }: ValuesNow,
): 'within' | 'broken' | 'unread' {
  const value = values[bound.point.index] ?? Number.NaN;
  const quality = qualities[bound.point.index] ?? partial;
  // An uncertain figure rests on values that are missing: it may be right, and it is no proof.
  if (!isUsable(quality) || quality === partial || Number.isNaN(value)) return 'unread';
  return isWithin(bound, value) ? 'within' : 'broken';
}
