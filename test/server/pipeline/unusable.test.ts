import { describe, expect, it } from 'vitest';
import { good, qualityCode, type Reason } from '../../../core/reading.ts';
import { emptyCurrentValues } from '../../../server/pipeline/current.ts';
import { createFormula } from '../../../server/pipeline/formula.ts';

/** The count over points of these qualities; null is good. */
function count(...reasons: readonly (Reason | null)[]) {
  const current = emptyCurrentValues(reasons.length);
  reasons.forEach((reason, point) => {
    current.quality[point] = reason === null ? good : qualityCode(reason);
  });
  return createFormula({ kind: 'unusable', inputs: reasons.map((_reason, point) => point), absent: true })(
    current,
  );
}

describe('how many values cannot be believed', () => {
  it('counts what is out of range, malformed or missing from an answer', () => {
    expect(count('out-of-range', 'decode', 'no-value', null)).toEqual({ value: 3, quality: good });
  });

  it('counts uncertain values as values', () => {
    expect(count('substituted', 'partial', null)).toEqual({ value: 0, quality: good });
  });

  it.each(['timeout', 'stale', 'disconnected', 'never-read'] as const)(
    'does not count what is %s, and is uncertain while it is',
    (reason) => {
      expect(count('out-of-range', reason, null)).toEqual({ value: 1, quality: qualityCode('partial') });
    },
  );

  it('is not known while nothing answers', () => {
    expect(count('timeout', 'never-read')).toEqual({ value: Number.NaN, quality: qualityCode('no-value') });
  });
});
