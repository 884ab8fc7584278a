import { describe, expect, it } from 'vitest';
import type { CountedUnit, Formula } from '../../../config/point-source.ts';
import { good, qualityCode } from '../../../core/reading.ts';
import { emptyCurrentValues, type CurrentValues } from '../../../server/pipeline/current.ts';
import { createFormula, formulaInputs } from '../../../server/pipeline/formula.ts';
import type { Derived } from '../../../server/pipeline/sum.ts';

/** Values by place; `lost` was never read. */
function currentOf(values: readonly (number | 'lost')[]): CurrentValues {
  const current = emptyCurrentValues(values.length);
  values.forEach((value, index) => {
    if (value === 'lost') return;
    current.value[index] = value;
    current.quality[index] = good;
  });
  return current;
}

function evaluate(formula: Formula, values: readonly (number | 'lost')[]): Derived | undefined {
  return createFormula(formula)(currentOf(values));
}

const partial = qualityCode('partial');
const auto = 1;
const shutdown = 3;

/** Gensets in automatic mode (points 0 and 2) without an alarm that locks them out (1 and 3). */
const gensets: readonly CountedUnit[] = [0, 2].map((point) => ({
  is: [{ point, codes: [auto] }],
  isNot: [{ point: point + 1, codes: [shutdown] }],
}));

describe('units that are available', () => {
  const count = (unknown: 'in' | 'out') => ({ kind: 'count', units: gensets, unknown }) as const;

  it('are those that are in the states wanted and in none that rules them out', () => {
    expect(evaluate(count('in'), [auto, 0, auto, 0])).toEqual({ value: 2, quality: good });
    expect(evaluate(count('in'), [auto, shutdown, 2, 0])).toEqual({ value: 0, quality: good });
  });

  it('count on a unit whose alarms the controller does not have', () => {
    expect(evaluate(count('in'), [auto, 'lost', auto, 'lost'])).toEqual({ value: 2, quality: good });
  });

  it('are uncertain while one is unknown, and then the most or the least that they can be', () => {
    expect(evaluate(count('in'), [auto, 0, 'lost', 'lost'])).toEqual({ value: 2, quality: partial });
    expect(evaluate(count('out'), [auto, 0, 'lost', 'lost'])).toEqual({ value: 1, quality: partial });
  });

  it('are known where the condition that is known decides', () => {
    expect(evaluate(count('in'), [auto, 0, 'lost', shutdown])).toEqual({ value: 1, quality: good });
  });

  it('have no number while all are unknown', () => {
    expect(evaluate(count('in'), ['lost', 'lost', 'lost', 'lost'])?.quality).toBe(qualityCode('no-value'));
  });

  it('are computed again whenever one of their conditions changes', () => {
    expect(formulaInputs(count('in'))).toEqual([0, 1, 2, 3]);
  });
});

describe('units that the load takes', () => {
  const needed = { kind: 'units-needed', loads: [0, 1], capacity: 100 } as const;

  it.each([
    [[60, 40], 1],
    [[60, 41], 2],
    [[0, 0], 0],
  ])('%j of a hundred each are %i', (loads, units) => {
    expect(evaluate(needed, loads)).toEqual({ value: units, quality: good });
  });

  it('are at least those of the loads that are known', () => {
    expect(evaluate(needed, [160, 'lost'])).toEqual({ value: 2, quality: partial });
    expect(evaluate(needed, ['lost', 'lost'])?.value).toBeNaN();
  });
});

describe('what is spare', () => {
  it('is available less needed, as certain as the less certain of them', () => {
    const spare = { kind: 'difference', of: 0, less: 1 } as const;
    expect(evaluate(spare, [3, 2])).toEqual({ value: 1, quality: good });
    expect(evaluate(spare, [3, 'lost'])?.quality).toBe(qualityCode('never-read'));
    const current = currentOf([3, 2]);
    current.quality[0] = partial;
    expect(createFormula(spare)(current)).toEqual({ value: 1, quality: partial });
  });
});

describe('the share of a load', () => {
  const share = { kind: 'share', of: 0, among: 1 } as const;

  it('grows as fewer divide it', () => {
    expect(evaluate(share, [600, 2])).toEqual({ value: 300, quality: good });
    expect(evaluate(share, [600, 1])).toEqual({ value: 600, quality: good });
  });

  it('is nobody’s while there is nobody', () => {
    expect(evaluate(share, [600, 0])).toEqual({ value: Number.NaN, quality: qualityCode('no-value') });
  });
});

describe('a value that counts under a condition only', () => {
  const frames = { kind: 'while', value: 0, condition: { point: 1, codes: [1] } } as const;

  it('is that value while the condition holds, and stands while it does not', () => {
    expect(evaluate(frames, [25, 1])).toEqual({ value: 25, quality: good });
    expect(evaluate(frames, [0, 0])).toBeUndefined();
  });

  it('is no value while it is not known whether it counts', () => {
    expect(evaluate(frames, [25, 'lost'])?.quality).toBe(qualityCode('no-value'));
    expect(evaluate(frames, ['lost', 1])?.quality).toBe(qualityCode('never-read'));
  });
});
