import type { Formula } from '../../config/model.ts';
import { good, isUsable, qualityCode, type QualityCode } from '../../core/reading.ts';
import type { CurrentValues } from './current.ts';
import { dewPoint } from './dew-point.ts';
import { enduranceSeconds } from './endurance.ts';

/** What a formula yields now; NaN with a bad quality. */
export interface Derived {
  readonly value: number;
  readonly quality: QualityCode;
}

/** Up to this many inputs a sum is of feeds or phases, and worth nothing when one is missing. */
const strictSumInputs = 3;

/** Computes a formula over the current values. Pure. */
export function evaluateFormula(formula: Formula, current: CurrentValues): Derived {
  switch (formula.kind) {
    case 'sum':
      return formula.inputs.length <= strictSumInputs
        ? strict(formula.inputs, current, sum)
        : tolerant(formula.inputs, current, sum);
    case 'min':
      return tolerant(formula.inputs, current, (values) => values.reduce((a, b) => Math.min(a, b)));
    case 'max':
      return tolerant(formula.inputs, current, (values) => values.reduce((a, b) => Math.max(a, b)));
    case 'mean':
      return tolerant(formula.inputs, current, (values) => sum(values) / values.length);
    case 'dew-point':
      return strict([formula.temperature, formula.humidity], current, ([temperature, humidity]) =>
        dewPoint(temperature ?? Number.NaN, humidity ?? Number.NaN),
      );
    case 'endurance':
      return enduranceFrom(formula, current);
  }
}

export function formulaInputs(formula: Formula): readonly number[] {
  switch (formula.kind) {
    case 'sum':
    case 'min':
    case 'max':
    case 'mean':
      return formula.inputs;
    case 'dew-point':
      return [formula.temperature, formula.humidity];
    case 'endurance':
      return [
        ...formula.tanks,
        ...formula.load,
        ...formula.gensets.flatMap((set) => [
          set.power,
          ...(set.fuelRate === undefined ? [] : [set.fuelRate]),
        ]),
      ];
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** One bad input spoils the result: half a load must not look like all of it. */
function strict(
  inputs: readonly number[],
  current: CurrentValues,
  compute: (values: readonly number[]) => number,
): Derived {
  let quality: QualityCode = good;
  const values: number[] = [];
  for (const input of inputs) {
    const inputQuality = current.quality[input] ?? qualityCode('never-read');
    if (!isUsable(inputQuality)) return { value: Number.NaN, quality: inputQuality };
    if (inputQuality !== good) quality = inputQuality;
    values.push(current.value[input] ?? Number.NaN);
  }
  return checked(compute(values), quality);
}

/** Figures over a hall go on without the inputs that are bad, and say so: uncertain, partial. */
function tolerant(
  inputs: readonly number[],
  current: CurrentValues,
  compute: (values: readonly number[]) => number,
): Derived {
  const values: number[] = [];
  let firstBad: QualityCode | undefined;
  for (const input of inputs) {
    const quality = current.quality[input] ?? qualityCode('never-read');
    if (isUsable(quality)) values.push(current.value[input] ?? Number.NaN);
    else firstBad ??= quality;
  }
  if (values.length === 0) return { value: Number.NaN, quality: firstBad ?? qualityCode('no-value') };
  return checked(compute(values), firstBad === undefined ? good : qualityCode('partial'));
}

function checked(value: number, quality: QualityCode): Derived {
  return Number.isFinite(value) ? { value, quality } : { value: Number.NaN, quality: qualityCode('decode') };
}

function enduranceFrom(formula: Extract<Formula, { kind: 'endurance' }>, current: CurrentValues): Derived {
  const usable = (index: number): number | undefined =>
    isUsable(current.quality[index] ?? qualityCode('never-read')) ? current.value[index] : undefined;
  const tanks = strict(formula.tanks, current, sum);
  if (Number.isNaN(tanks.value)) return tanks;
  const load = tolerant(formula.load, current, sum);
  const seconds = enduranceSeconds({
    litres: tanks.value,
    standingLoadKw: Number.isNaN(load.value) ? undefined : load.value,
    gensets: formula.gensets.map((set) => ({
      powerKw: usable(set.power),
      fuelRate: set.fuelRate === undefined ? undefined : usable(set.fuelRate),
      ratedKw: set.ratedKw,
      fuelCurve: set.fuelCurve,
    })),
  });
  if (seconds === undefined) return { value: Number.NaN, quality: qualityCode('no-value') };
  return { value: seconds, quality: Number.isNaN(load.value) ? good : load.quality };
}
