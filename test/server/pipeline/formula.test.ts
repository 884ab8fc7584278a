import type { Formula } from '../../../config/point-source.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { good, qualityCode } from '../../../core/reading.ts';
import { emptyCurrentValues, type CurrentValues } from '../../../server/pipeline/current.ts';
import { createFormula, dewPoint } from '../../../server/pipeline/formula.ts';
import { curveAt, enduranceSeconds } from '../../../server/pipeline/endurance.ts';
import type { Derived } from '../../../server/pipeline/sum.ts';

function currentOf(values: readonly (number | 'stale' | 'never')[]): CurrentValues {
  const current = emptyCurrentValues(values.length);
  for (const [index, value] of values.entries()) {
    if (value === 'never') continue;
    current.at[index] = 1_000;
    current.value[index] = value === 'stale' ? 3 : value;
    current.quality[index] = value === 'stale' ? qualityCode('stale') : good;
  }
  return current;
}

const consistency = { step: 0.1, skewMs: 35_000 };

function evaluateFormula(formula: Formula, current: CurrentValues): Derived {
  const result = createFormula(formula)(current);
  if (result === undefined) throw new Error('a first evaluation waits for nothing');
  return result;
}

describe('sum of feeds', () => {
  it('adds A and B when both are good', () => {
    expect(evaluateFormula({ kind: 'sum', inputs: [0, 1], ...consistency }, currentOf([1.5, 2]))).toEqual({
      value: 3.5,
      quality: good,
    });
  });

  it('is bad when one feed is stale, since half a load must not look like all of it', () => {
    const result = evaluateFormula(
      { kind: 'sum', inputs: [0, 1], ...consistency },
      currentOf([1.5, 'stale']),
    );
    expect(result).toEqual({ value: Number.NaN, quality: qualityCode('stale') });
  });
});

describe('a sum whose inputs are read one after the other', () => {
  /** Reads the given inputs at a time and returns what the sum yields then. */
  function meters(
    inputs: number,
  ): (at: number, values: Record<number, number | 'lost'>) => Derived | undefined {
    const current = emptyCurrentValues(inputs);
    const evaluate = createFormula({ kind: 'sum', inputs: [...Array(inputs).keys()], ...consistency });
    return (at, values) => {
      for (const [key, value] of Object.entries(values)) {
        const index = Number(key);
        current.at[index] = at;
        current.value[index] = value === 'lost' ? Number.NaN : value;
        current.quality[index] = value === 'lost' ? qualityCode('timeout') : good;
      }
      return evaluate(current);
    };
  }

  it('waits when one feed dropped and the other was read before, and is the load that moved', () => {
    const read = meters(2);
    expect(read(1_000, { 0: 1.3, 1: 1.3 })).toEqual({ value: 2.6, quality: good });
    expect(read(11_000, { 0: 0 })).toBeUndefined();
    expect(read(15_000, { 1: 2.6 })).toEqual({ value: 2.6, quality: good });
  });

  it('waits when one feed took the load and the lost one still shows its last value, then has no value', () => {
    const read = meters(2);
    read(1_000, { 0: 1.3, 1: 1.3 });
    expect(read(11_000, { 1: 2.6 })).toBeUndefined();
    expect(read(14_000, { 0: 'lost' })).toEqual({ value: Number.NaN, quality: qualityCode('timeout') });
  });

  it('waits when a lost feed returns before the other was read again', () => {
    const read = meters(2);
    read(1_000, { 0: 1.3, 1: 1.3 });
    read(11_000, { 0: 'lost', 1: 2.6 });
    expect(read(60_000, { 1: 2.6 })?.value).toBeNaN();
    expect(read(62_000, { 0: 1.3 })).toBeUndefined();
    expect(read(70_000, { 1: 1.3 })).toEqual({ value: 2.6, quality: good });
  });

  it('waits for a feed that returns also when the process never knew both', () => {
    const read = meters(2);
    for (let at = 0; at <= 60_000; at += 10_000) expect(read(at + 1, { 1: 2.6 })?.value).toBeNaN();
    expect(read(62_000, { 0: 1.3 })).toBeUndefined();
    expect(read(70_000, { 1: 1.3 })).toEqual({ value: 2.6, quality: good });
  });

  it('follows a load that really changed once every input was read', () => {
    const read = meters(2);
    read(1_000, { 0: 1.3, 1: 1.3 });
    expect(read(11_000, { 0: 2.3 })).toBeUndefined();
    expect(read(15_000, { 1: 1.3 })?.value).toBeCloseTo(3.6);
  });

  it('waits through the whole of a transfer of many meters and never shows a mixture', () => {
    const read = meters(10);
    const all = (kw: number): Record<number, number> =>
      Object.fromEntries([...Array(10).keys()].map((index) => [index, kw]));
    expect(read(1_000, all(1))?.value).toBeCloseTo(10);
    const shown = new Set<number>();
    for (let round = 1; round <= 3; round += 1)
      for (let index = 0; index < 10; index += 1) {
        const result = read(round * 10_000 + index * 1_000, { [index]: 2 });
        if (result !== undefined) shown.add(Math.round(result.value));
      }
    expect([...shown]).toEqual([11, 20]);
  });

  it('gives up waiting for a load that never stands still', () => {
    const read = meters(2);
    read(1_000, { 0: 1, 1: 1 });
    const shown: number[] = [];
    for (let at = 11_000; at <= 111_000; at += 10_000) {
      const kw = 1 + (at / 10_000) ** 2;
      for (const result of [read(at, { 0: kw }), read(at + 5_000, { 1: kw })])
        if (result !== undefined) shown.push(result.value);
    }
    expect(shown.length).toBeGreaterThan(1);
  });

  it('has no value when its inputs are further apart than they may be', () => {
    const read = meters(2);
    read(1_000, { 0: 1, 1: 1 });
    expect(read(40_000, { 1: 1 })).toEqual({ value: Number.NaN, quality: qualityCode('no-value') });
  });
});

describe('figures over a hall', () => {
  const inputs = [0, 1, 2, 3];
  const current = currentOf([22, 'stale', 27, 'never']);

  it('are uncertain (partial) when a sensor is missing', () => {
    expect(evaluateFormula({ kind: 'max', inputs, needs: 0 }, current)).toEqual({
      value: 27,
      quality: qualityCode('partial'),
    });
    expect(evaluateFormula({ kind: 'min', inputs, needs: 0 }, current).value).toBe(22);
    expect(evaluateFormula({ kind: 'mean', inputs, needs: 0.5 }, current)).toEqual({
      value: 24.5,
      quality: qualityCode('partial'),
    });
  });

  it('are no value when fewer sensors are left than the formula needs', () => {
    const few = currentOf([22, 'stale', 'stale', 'never']);
    expect(evaluateFormula({ kind: 'mean', inputs, needs: 0.5 }, few)).toEqual({
      value: Number.NaN,
      quality: qualityCode('no-value'),
    });
  });

  it('are no value when a sum lacks one of them, however many there are', () => {
    expect(evaluateFormula({ kind: 'sum', inputs, ...consistency }, current).value).toBeNaN();
  });

  it('are bad when no sensor is left', () => {
    const result = evaluateFormula({ kind: 'max', inputs: [0, 1], needs: 0 }, currentOf(['never', 'stale']));
    expect(result).toEqual({ value: Number.NaN, quality: qualityCode('never-read') });
  });
});

describe('dew point', () => {
  it('reads 18.6 °C at 27 °C and 60 %RH (ASHRAE)', () => {
    expect(dewPoint(27, 60)).toBeCloseTo(18.6, 1);
  });

  it('equals the temperature at 100 %RH', () => {
    expect(dewPoint(20, 100)).toBeCloseTo(20, 6);
  });

  it('is no number when the humidity is impossible', () => {
    expect(dewPoint(20, 0)).toBeNaN();
    expect(dewPoint(20, 101)).toBeNaN();
  });

  it('never exceeds the temperature', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -40, max: 60, noNaN: true }),
        fc.double({ min: 0.5, max: 100, noNaN: true }),
        (t, h) => {
          expect(dewPoint(t, h)).toBeLessThanOrEqual(t + 1e-9);
        },
      ),
    );
  });
});

describe('endurance', () => {
  const fuelCurve = [
    { load: 0.25, litresPerHour: 50 },
    { load: 0.5, litresPerHour: 90 },
    { load: 1, litresPerHour: 180 },
  ];
  const standing = { powerKw: 0, fuelRate: undefined, ratedKw: 1_000, fuelCurve };

  it('follows the curve at the shared present load while the sets stand', () => {
    const seconds = enduranceSeconds({ litres: 1_800, standingLoadKw: 1_000, gensets: [standing, standing] });
    expect(seconds).toBe((1_800 / 180) * 3_600);
  });

  it('follows the measured rate while a set runs', () => {
    const running = { ...standing, powerKw: 500, fuelRate: 100 };
    expect(enduranceSeconds({ litres: 1_000, standingLoadKw: 999, gensets: [running, standing] })).toBe(
      36_000,
    );
  });

  it('follows the curve at the measured power when the controller measures no rate', () => {
    expect(
      enduranceSeconds({ litres: 900, standingLoadKw: undefined, gensets: [{ ...standing, powerKw: 500 }] }),
    ).toBe(36_000);
  });

  it('is not known when the load is not known', () => {
    expect(enduranceSeconds({ litres: 900, standingLoadKw: undefined, gensets: [standing] })).toBeUndefined();
  });

  it('interpolates between the points of the curve and goes on beyond the last', () => {
    expect([0, 0.25, 0.375, 0.75, 1.1].map((load) => curveAt(fuelCurve, load))).toEqual([
      50, 50, 70, 135, 198,
    ]);
  });
});
