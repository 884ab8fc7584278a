interface FuelPoint {
  /** Share of nameplate kW, 0 … 1. */
  readonly load: number;
  readonly litresPerHour: number;
}

interface GensetNow {
  /** kW it delivers; undefined when not known. */
  readonly powerKw: number | undefined;
  /** L/h it says it burns, where its controller measures that. */
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
  const litresPerHour =
    running.length > 0
      ? sum(running.map((set) => set.fuelRate ?? curveAt(set.fuelCurve, (set.powerKw ?? 0) / set.ratedKw)))
      : standingConsumption(fuel);
  if (litresPerHour === undefined || litresPerHour <= 0) return undefined;
  return (fuel.litres / litresPerHour) * 3_600;
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
