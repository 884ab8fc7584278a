import type { Formula } from '../../config/point-source.ts';
import { good, isUsable, qualityCode } from '../../core/reading.ts';
import type { CurrentValues } from './current.ts';
import { createSum, type Evaluate } from './sum.ts';

type EnduranceFormula = Extract<Formula, { kind: 'endurance' }>;

interface FuelPoint {
  /** Share of nameplate kW, 0 … 1. */
  readonly load: number;
  readonly litresPerHour: number;
}

interface GensetNow {
  /** kW it delivers; undefined when not known. */
  readonly powerKw: number | undefined;
  /** L/h that its controller measures, where it does. */
  readonly fuelRate: number | undefined;
  readonly ratedKw: number;
  readonly fuelCurve: readonly FuelPoint[];
}

interface Fuel {
  /** Usable fuel in the monthly and day tanks. */
  readonly litres: number;
  /** What the gensets would have to carry if they had to start now, kW. */
  readonly standingLoadKw: number | undefined;
  readonly gensets: readonly GensetNow[];
}

/** Below this a set idles or measures noise. */
const runningAboveKw = 1;

/**
 * How long the fuel at hand lasts, s (BAB IV.6: fuel ÷ consumption). While sets run under load: as they measure it, or by
 * their fuel curve at the power they measure. While they stand: by the curve, the present load shared by all sets.
 * Undefined when the load is not known.
 */
export function enduranceSeconds(fuel: Fuel): number | undefined {
  const running = fuel.gensets.filter((set) => (set.powerKw ?? 0) > runningAboveKw);
  const litresPerHour = running.length > 0 ? sum(running.map(consumption)) : standingConsumption(fuel);
  if (litresPerHour === undefined || litresPerHour <= 0) return undefined;
  return (fuel.litres / litresPerHour) * 3_600;
}

/** A measured rate far below the curve was read before the load came, or by a meter that is broken. */
const leastOfCurve = 0.5;

function consumption({ powerKw, fuelRate, ratedKw, fuelCurve }: GensetNow): number {
  const byCurve = curveAt(fuelCurve, (powerKw ?? 0) / ratedKw);
  return fuelRate !== undefined && fuelRate >= leastOfCurve * byCurve ? fuelRate : byCurve;
}

function standingConsumption(fuel: Fuel): number | undefined {
  const rated = sum(fuel.gensets.map((set) => set.ratedKw));
  if (fuel.standingLoadKw === undefined || rated <= 0) return undefined;
  const share = fuel.standingLoadKw / rated;
  return sum(fuel.gensets.map((set) => curveAt(set.fuelCurve, share)));
}

/** Linear between the curve's points, level before the first, along the last segment beyond the last. */
export function curveAt(curve: readonly FuelPoint[], load: number): number {
  const [first] = curve;
  if (first === undefined) return Number.NaN;
  if (load <= first.load) return first.litresPerHour;
  const upper = curve.findIndex((point) => point.load >= load);
  const [from, to] = upper === -1 ? curve.slice(-2) : curve.slice(upper - 1, upper + 1);
  if (from === undefined || to === undefined) return first.litresPerHour;
  const slope = (to.litresPerHour - from.litresPerHour) / (to.load - from.load);
  return from.litresPerHour + slope * (load - from.load);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** A source carries the site when it delivers at least this share of what the UPSs put out; they draw more than they give. */
const leastOfDistribution = 0.9;
/** The same against the last load carried, where the UPSs' output is not known. */
const leastOfCarried = 0.5;

/**
 * Endurance against the load that has to be carried. Between two supplies PLN already delivers nothing and the gensets do not
 * deliver yet: a load of zero would promise days. Meanwhile the last load that a source carried counts, or what the UPSs put
 * out where none is known, and the result is uncertain (substituted).
 */
export function createEndurance(formula: EnduranceFormula): Evaluate {
  const { skewMs, step } = formula;
  const sumOf = (inputs: readonly number[]): ((current: CurrentValues) => number | undefined) => {
    const evaluate = createSum({ inputs, skewMs, step });
    return (current) => {
      const result = evaluate(current);
      return result === undefined || Number.isNaN(result.value) ? undefined : result.value;
    };
  };
  const grid = sumOf(formula.load);
  const distribution = sumOf(formula.distribution);
  const gensets = sumOf(formula.gensets.map((set) => set.power));
  let carriedKw: number | undefined;

  return (current) => {
    const tanks = tankLevel(formula.tanks, current);
    const distributedKw = distribution(current);
    const [gensetKw, gridKw] = [gensets(current), grid(current)];
    if (typeof tanks !== 'number') return { value: Number.NaN, quality: tanks.missing };
    const leastKw = Math.max(
      runningAboveKw,
      distributedKw === undefined ? (carriedKw ?? 0) * leastOfCarried : distributedKw * leastOfDistribution,
    );
    const onGensets = gensetKw !== undefined && gensetKw >= leastKw;
    const sourceKw = onGensets ? gensetKw : gridKw !== undefined && gridKw >= leastKw ? gridKw : undefined;
    carriedKw = sourceKw ?? carriedKw;
    const seconds = enduranceSeconds({
      litres: tanks,
      standingLoadKw: sourceKw ?? carriedKw ?? distributedKw,
      gensets: gensetsNow(formula, current, onGensets),
    });
    if (seconds === undefined) return { value: Number.NaN, quality: qualityCode('no-value') };
    return { value: seconds, quality: sourceKw === undefined ? qualityCode('substituted') : good };
  };
}

/** Sets that do not carry the site (a test without load, a transfer under way) count as standing. */
function gensetsNow(formula: EnduranceFormula, current: CurrentValues, carrying: boolean): GensetNow[] {
  const usable = (index: number | undefined): number | undefined =>
    index !== undefined && isUsable(current.quality[index] ?? qualityCode('never-read'))
      ? current.value[index]
      : undefined;
  return formula.gensets.map(({ power, fuelRate, ratedKw, fuelCurve }) => ({
    powerKw: carrying ? usable(power) : undefined,
    fuelRate: usable(fuelRate),
    ratedKw,
    fuelCurve,
  }));
}

/** A tank that is not read may be empty: without it there is no figure. Levels move slowly, so their times do not matter. */
function tankLevel(tanks: readonly number[], current: CurrentValues): number | { readonly missing: number } {
  let litres = 0;
  for (const tank of tanks) {
    const quality = current.quality[tank] ?? qualityCode('never-read');
    if (!isUsable(quality)) return { missing: quality };
    litres += current.value[tank] ?? 0;
  }
  return litres;
}
