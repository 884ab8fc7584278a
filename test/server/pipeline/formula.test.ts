import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { good, qualityCode } from '../../../core/reading.ts';
import { emptyCurrentValues, type CurrentValues } from '../../../server/pipeline/current.ts';
import { dewPoint } from '../../../server/pipeline/dew-point.ts';
import { curveAt, enduranceSeconds } from '../../../server/pipeline/endurance.ts';
import { evaluateFormula } from '../../../server/pipeline/formula.ts';

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

describe('sum of feeds', () => {
  it('adds A and B when both are good', () => {
    expect(evaluateFormula({ kind: 'sum', inputs: [0, 1] }, currentOf([1.5, 2]))).toEqual({
      value: 3.5,
      quality: good,
    });
  });

  it('is bad when one feed is stale, since half a load must not look like all of it', () => {
    const result = evaluateFormula({ kind: 'sum', inputs: [0, 1] }, currentOf([1.5, 'stale']));
    expect(result).toEqual({ value: Number.NaN, quality: qualityCode('stale') });
  });
});

describe('figures over a hall', () => {
  const inputs = [0, 1, 2, 3];
  const current = currentOf([22, 'stale', 27, 'never']);

  it('are uncertain (partial) when a sensor is missing', () => {
    expect(evaluateFormula({ kind: 'max', inputs }, current)).toEqual({
      value: 27,
      quality: qualityCode('partial'),
    });
    expect(evaluateFormula({ kind: 'min', inputs }, current).value).toBe(22);
    expect(evaluateFormula({ kind: 'mean', inputs }, current).value).toBe(24.5);
    expect(evaluateFormula({ kind: 'sum', inputs }, current).value).toBe(49);
  });

  it('are bad when no sensor is left', () => {
    const result = evaluateFormula({ kind: 'max', inputs: [0, 1] }, currentOf(['never', 'stale']));
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
