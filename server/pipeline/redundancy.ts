import type { Formula } from '../../config/point-source.ts';
import { good, isUsable, qualityCode } from '../../core/reading.ts';
import type { CurrentValues } from './current.ts';
import { checked, type Derived } from './sum.ts';

/** How many units of a kind there are, how many the load takes, and how many are left. */

type Of<Kind extends Formula['kind']> = Extract<Formula, { kind: Kind }>;
type Condition = Of<'while'>['condition'];
type Unit = Of<'count'>['units'][number];

export function countUnits({ units, unknown }: Of<'count'>, current: CurrentValues): Derived {
  const verdicts = units.map((unit) => counts(unit, current));
  const unsure = verdicts.filter((verdict) => verdict === undefined).length;
  if (unsure === units.length) return noValue;
  const sure = verdicts.filter((verdict) => verdict === true).length;
  return {
    value: sure + (unknown === 'in' ? unsure : 0),
    quality: unsure === 0 ? good : qualityCode('partial'),
  };
}

/** Undefined while it is not known. One condition that does not hold decides, whatever the others are. */
function counts({ is, isNot }: Unit, current: CurrentValues): boolean | undefined {
  const wanted = new Set(is.map((condition) => holds(condition, current)));
  if (wanted.has(false) || isNot.some((condition) => holds(condition, current) === true)) return false;
  return wanted.has(undefined) ? undefined : true;
}

function holds({ point, codes }: Condition, current: CurrentValues): boolean | undefined {
  if (!isUsable(current.quality[point] ?? qualityCode('never-read'))) return undefined;
  return codes.includes(current.value[point] ?? Number.NaN);
}

export function unitsNeeded({ loads, capacity }: Of<'units-needed'>, current: CurrentValues): Derived {
  const known = loads.filter((load) => isUsable(current.quality[load] ?? qualityCode('never-read')));
  if (known.length === 0) return noValue;
  const load = known.reduce((sum, point) => sum + (current.value[point] ?? Number.NaN), 0);
  const isWhole = known.length === loads.length && known.every((point) => current.quality[point] === good);
  return checked(Math.ceil(load / capacity), isWhole ? good : qualityCode('partial'));
}

export function difference({ of, less }: Of<'difference'>, current: CurrentValues): Derived {
  return combine([of, less], current, ([whole = Number.NaN, part = Number.NaN]) => whole - part);
}

export function share({ of, among }: Of<'share'>, current: CurrentValues): Derived {
  if (current.value[among] === 0 && isUsable(current.quality[among] ?? good)) return noValue;
  return combine([of, among], current, ([load = Number.NaN, units = Number.NaN]) => load / units);
}

/** Undefined, so that the last value stands, while the condition does not hold. */
export function valueWhile({ value, condition }: Of<'while'>, current: CurrentValues): Derived | undefined {
  const isOn = holds(condition, current);
  if (isOn === undefined) return noValue;
  return isOn ? combine([value], current, ([now = Number.NaN]) => now) : undefined;
}

const noValue: Derived = { value: Number.NaN, quality: qualityCode('no-value') };

/** As bad as the worst of the inputs. */
function combine(
  inputs: readonly number[],
  current: CurrentValues,
  compute: (values: readonly number[]) => number,
): Derived {
  const qualities = inputs.map((input) => current.quality[input] ?? qualityCode('never-read'));
  const missing = qualities.find((quality) => !isUsable(quality));
  if (missing !== undefined) return { value: Number.NaN, quality: missing };
  const values = inputs.map((input) => current.value[input] ?? Number.NaN);
  return checked(compute(values), qualities.find((quality) => quality !== good) ?? good);
}
