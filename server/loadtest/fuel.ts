import type { Sample } from '../historian/historian.ts';
import { coverageOf, heldAt, integralOf, litresPerHour, powerOf, samplesIn } from './measure.ts';
import type { Window } from './phases.ts';
import type { SiteRoles, Tank } from './roles.ts';
import type { Bounded } from './verdict.ts';
import { type Traces, traceOf } from './things.ts';

export interface Fuel {
  /** In all tanks before and after, L; null: a tank has no reading. */
  readonly before: number | null;
  readonly after: number | null;
  readonly used: Bounded | null;
  /** L/h while the gensets carried load, and where it comes from. */
  readonly rate: Bounded | null;
  readonly rateFrom: 'tanks' | 'controllers' | null;
  /** What the gensets should have used by their fuel curves, L: where their power is not known, between none and full load. Null: a curve or every reading of a set is missing. */
  readonly expected: Bounded | null;
  /** Hours that what is left lasts at that rate. */
  readonly endurance: Bounded | null;
}

/** Transmitters show a share of the tank: at least so coarse, %. */
const coarsest = 0.05;
/** A transfer pump moves so much between the readings of two tanks. */
const pumpLitresPerMinute = 60;

/** `run`: from the first engine start to the last stop; `loaded`: while the gensets carried load. */
export function fuelOf(
  roles: SiteRoles,
  traces: Traces,
  {
    run,
    loaded,
    coverage,
  }: { readonly run: Window; readonly loaded: Window | null; readonly coverage: number },
): Fuel {
  const before = total(roles.tanks, traces, run.from);
  const after = total(roles.tanks, traces, run.to);
  const used = drawn(roles.tanks, traces, run);
  const fromTanks = loaded === null ? null : perHour(drawn(roles.tanks, traces, loaded), loaded);
  const fromControllers = loaded === null ? null : controllersRate(roles, traces, { loaded, coverage });
  const rate = fromControllers ?? fromTanks;
  const least = rate === null ? 0 : Math.max(rate.least, 0);
  return {
    before,
    after,
    used,
    rate,
    rateFrom: rate === null ? null : fromControllers === null ? 'tanks' : 'controllers',
    expected: expectedLitres(roles, traces, run),
    endurance:
      rate === null || after === null || rate.value <= 0
        ? null
        : {
            value: after / rate.value,
            least: after / rate.most,
            most: least === 0 ? Infinity : after / least,
          },
  };
}

function total(tanks: readonly Tank[], traces: Traces, at: number): number | null {
  if (tanks.length === 0) return null;
  let sum = 0;
  for (const { level } of tanks) {
    const value = heldAt(traceOf(traces, level), at);
    if (value === undefined) return null;
    sum += value;
  }
  return sum;
}

function drawn(tanks: readonly Tank[], traces: Traces, window: Window): Bounded | null {
  const [before, after] = [total(tanks, traces, window.from), total(tanks, traces, window.to)];
  if (before === null || after === null) return null;
  const doubt = tanks.reduce((sum, tank) => sum + tankDoubt(tank, traces, window), 0);
  return { value: before - after, least: before - after - doubt, most: before - after + doubt };
}

/** One step of the transmitter at each end, and what a pump may have moved between two readings there. */
function tankDoubt({ level, litres }: Tank, traces: Traces, { from, to }: Window): number {
  const trace = traceOf(traces, level);
  const samples = samplesIn(trace, { from: from - 60_000, to: to + 60_000 });
  const step = Math.max(smallestStep(samples), ((litres ?? 0) * coarsest) / 100);
  const isPumping = (at: number): boolean => {
    const near = samples.filter((sample) => Math.abs(sample.at - at) <= 60_000);
    return near.some((sample, index) => sample.value - (near[index - 1]?.value ?? sample.value) > 2 * step);
  };
  const sampledMs = Math.max(0, ...samples.map(({ at }, index) => at - (samples[index - 1]?.at ?? at)));
  const pumped = (pumpLitresPerMinute * sampledMs) / 60_000;
  return step + (isPumping(from) ? pumped : 0) + (isPumping(to) ? pumped : 0);
}

function smallestStep(samples: readonly Sample[]): number {
  let least = Infinity;
  for (const [index, { value }] of samples.entries()) {
    const change = Math.abs(value - (samples[index - 1]?.value ?? value));
    if (change > 1e-6) least = Math.min(least, change);
  }
  return Number.isFinite(least) ? least : 0;
}

function perHour(litres: Bounded | null, { from, to }: Window): Bounded | null {
  const hours = (to - from) / 3_600_000;
  if (litres === null || hours <= 0) return null;
  return { value: litres.value / hours, least: litres.least / hours, most: litres.most / hours };
}

/** Where every set that took part reports its own rate. */
function controllersRate(
  { gensets }: SiteRoles,
  traces: Traces,
  { loaded, coverage }: { readonly loaded: Window; readonly coverage: number },
): Bounded | null {
  let sum = 0;
  const hours = (loaded.to - loaded.from) / 3_600_000;
  if (gensets.length === 0 || hours <= 0) return null;
  for (const { fuelRate } of gensets) {
    const trace = traceOf(traces, fuelRate);
    if (coverageOf(trace, loaded).percent < coverage) return null;
    sum += integralOf(trace, loaded) / hours;
  }
  return { value: sum, least: sum * 0.97, most: sum * 1.03 };
}

function expectedLitres({ gensets }: SiteRoles, traces: Traces, run: Window): Bounded | null {
  const hours = (run.to - run.from) / 3_600_000;
  let [sum, open] = [0, 0];
  for (const genset of gensets) {
    const { ratedKw, fuelCurve, speed, frequency } = genset;
    const trace = powerOf(genset, traces);
    if (ratedKw === undefined || fuelCurve.length < 2 || samplesIn(trace, run).length === 0) return null;
    const turning = [speed, frequency].map((point) => traceOf(traces, point)).find(({ samples }) => samples.length > 0);
    const used = (kw: number): number => litresPerHour(fuelCurve, kw / ratedKw) ?? 0;
    // An engine that turns without load drinks too; one that stands does not.
    const running = turning === undefined ? undefined : integralOf(turning, run, (value) => (value > 0 ? 1 : 0));
    const loadedHours = integralOf(trace, run, (kw) => (kw > 0 ? 1 : 0));
    sum += integralOf(trace, run, (kw) => (kw > 0 ? used(kw) : 0));
    open += (hours - integralOf(trace, run, () => 1)) * used(ratedKw);
    if (running !== undefined) sum += Math.max(0, running - loadedHours) * used(0);
  }
  return { value: sum, least: sum, most: sum + open };
} // prettier-ignore
