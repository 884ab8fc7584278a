import type { Formula } from '../../config/point-source.ts';
import { type QualityCode, good, isUsable, qualityCode } from '../../core/reading.ts';
import type { CurrentValues } from './current.ts';
import { createEndurance } from './endurance.ts';
import { countUnits, difference, share, unitsNeeded, valueWhile } from './redundancy.ts';
import { createRise } from './rise.ts';
import { type Derived, type Evaluate, checked, createSum } from './sum.ts';
import { countUnusable } from './unusable.ts';

/** A formula with what it must remember from one evaluation to the next. */
export function createFormula(formula: Formula): Evaluate {
  switch (formula.kind) {
    case 'sum':
      return createSum(formula);
    case 'min':
    case 'max':
    case 'mean':
      return (current) => figure(formula, current);
    case 'dew-point':
      return (current) => dewPointOf(formula, current);
    case 'endurance':
      return createEndurance(formula);
    case 'count':
      return (current) => countUnits(formula, current);
    case 'units-needed':
      return (current) => unitsNeeded(formula, current);
    case 'difference':
      return (current) => difference(formula, current);
    case 'share':
      return (current) => share(formula, current);
    case 'unusable':
      return (current) => countUnusable(formula, current);
    case 'rise':
      return createRise(formula);
    case 'while':
      return (current) => valueWhile(formula, current);
  }
}

export function formulaInputs(formula: Formula): readonly number[] {
  switch (formula.kind) {
    case 'sum':
    case 'min':
    case 'max':
    case 'mean':
    case 'unusable':
      return formula.inputs;
    case 'dew-point':
      return [formula.temperature, formula.humidity];
    case 'endurance':
      return [
        ...formula.tanks,
        ...formula.load,
        ...formula.distribution,
        ...formula.gensets.flatMap((set) => [
          set.power,
          ...(set.fuelRate === undefined ? [] : [set.fuelRate]),
        ]),
      ];
    case 'count':
      return formula.units.flatMap(({ is, isNot }) => [...is, ...isNot].map(({ point }) => point));
    case 'units-needed':
      return formula.loads;
    case 'difference':
      return [formula.of, formula.less];
    case 'share':
      return [formula.of, formula.among];
    case 'rise':
      return [formula.of];
    case 'while':
      return [formula.value, formula.condition.point];
  }
}

type FigureFormula = Extract<Formula, { kind: 'min' | 'max' | 'mean' }>;

/**
 * A figure over many sensors goes on without the ones that have no value, as far as the formula allows, and is then uncertain
 * (partial): a maximum beyond a limit is beyond it whatever the missing ones read, but one within proves nothing.
 */
function figure({ kind, inputs, needs }: FigureFormula, current: CurrentValues): Derived {
  const values: number[] = [];
  let missing: QualityCode | undefined;
  for (const input of inputs) {
    const quality = current.quality[input] ?? qualityCode('never-read');
    if (isUsable(quality)) values.push(current.value[input] ?? Number.NaN);
    else missing ??= quality;
  }
  if (values.length === 0) return { value: Number.NaN, quality: missing ?? qualityCode('no-value') };
  if (values.length < needs * inputs.length) return { value: Number.NaN, quality: qualityCode('no-value') };
  return checked(compute[kind](values), missing === undefined ? good : qualityCode('partial'));
}

const compute = {
  min: (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b)),
  max: (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b)),
  mean: (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length,
};

/** Of one sensor, which reads both in one go. */
function dewPointOf(
  { temperature, humidity }: Extract<Formula, { kind: 'dew-point' }>,
  current: CurrentValues,
): Derived {
  const qualities = [temperature, humidity].map(
    (input) => current.quality[input] ?? qualityCode('never-read'),
  );
  const missing = qualities.find((quality) => !isUsable(quality));
  if (missing !== undefined) return { value: Number.NaN, quality: missing };
  return checked(
    dewPoint(current.value[temperature] ?? Number.NaN, current.value[humidity] ?? Number.NaN),
    qualities.find((quality) => quality !== good) ?? good,
  );
}

/**
 * Dew point in °C from °C and %RH: Magnus formula with the coefficients of Sonntag (1990), valid −45 … 60 °C. The
 * band of BAB IV.4 alone misses condensation: 27 °C at 60 %RH has 18.6 °C.
 */
export function dewPoint(temperature: number, humidity: number): number {
  const a = 17.62;
  const b = 243.12;
  if (!(humidity > 0 && humidity <= 100)) return Number.NaN;
  const gamma = Math.log(humidity / 100) + (a * temperature) / (b + temperature);
  return (b * gamma) / (a - gamma);
}
