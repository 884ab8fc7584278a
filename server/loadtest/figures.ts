import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import {
  coverageOf,
  extentOf,
  type Extent,
  heldAt,
  integralOf,
  isCovered,
  powerOf,
  samplesIn,
  sumOf,
} from './measure.ts';
import type { Sample } from '../historian/historian.ts';
import { fuelOf, type Fuel } from './fuel.ts';
import { batterySignal, isKnown, type Window } from './phases.ts';
import type { Recognised } from './recognise.ts';
import { rolePoints, type RolePoint, type SiteRoles } from './roles.ts';
import { between, type Duration, type Edge, type Span, spansOf } from './signal.ts';
import { settleMs, stepsOf, type LoadStep } from './steps.ts';
import { nominalVolts, traceOf, type GensetSignals } from './things.ts'; // prettier-ignore

/** What one genset did in a run; null: not seen. */
export interface SetFigures {
  readonly genset: string;
  readonly ratedKw: number | null;
  readonly started: boolean | null;
  readonly carried: boolean | null;
  readonly attempts: number;
  readonly crank: Duration | null;
  readonly lowestCrankVolts: number | null;
  /** From the first sign of its start to voltage and frequency in tolerance. */
  readonly toReady: Duration | null;
  /** Longest continuous time at or above the load asked for: as it was shown, and as it may have been in the gaps. */
  readonly atLoad: Duration | null;
  readonly kw: Extent | null;
  readonly loadedWindow: Window | null;
  readonly coolDown: Duration | null;
  readonly oil: Extent | null;
  readonly coolant: Extent | null;
  readonly battery: Extent | null;
  /** Steady values: the widest phase, and whether they cover the loaded run. */
  readonly volts: { readonly lowest: number; readonly highest: number; readonly isCovered: boolean } | null;
  readonly hertz: { readonly min: number; readonly max: number; readonly isCovered: boolean } | null;
  readonly hoursBefore: number | null;
  readonly hoursAfter: number | null;
  readonly steps: readonly LoadStep[];
}

interface UpsFigures {
  readonly ups: string;
  readonly onBattery: readonly Duration[];
  readonly lowestVolts: number | null;
  readonly lowestCharge: number | null;
  readonly lowestAutonomyS: number | null;
  readonly dropped: boolean | null;
}

export interface RunFigures {
  readonly window: Window;
  /** From the first to the last kW. */
  readonly loaded: Window | null;
  readonly sets: readonly SetFigures[];
  readonly upss: readonly UpsFigures[];
  /** Of all sets together while they carried load. */
  readonly kw: Extent | null;
  readonly kwIsCovered: boolean;
  readonly kwh: number | null;
  readonly fuel: Fuel;
  /** Share of the run that the readings of the points cover, %; and the points that fall short. */
  readonly coverage: number;
  readonly missing: readonly { readonly point: string; readonly percent: number }[];
} // prettier-ignore

export function figuresOf(roles: SiteRoles, recognised: Recognised, profile: LoadTestProfile): RunFigures {
  const { run, signals, traces } = recognised;
  const window: Window = { from: run.from, to: run.to ?? latest(recognised) };
  const spans = spansOf(signals.loaded, Boolean, window.to).filter(
    ({ seenTo, seenFrom }) => seenTo > window.from && seenFrom <= window.to,
  );
  const [first, last] = [spans[0], spans.at(-1)];
  const holdMs = Math.max(0, ...roles.gensets.map((genset) => powerOf(genset, traces).holdMs));
  const loaded = loadedWindow(first, last, { window, holdMs });
  const powers = roles.gensets.map((genset) => powerOf(genset, traces));
  const total = loaded === null || powers.length === 0 ? null : sumOf(powers, loaded);
  const { coverage: needed } = profile.evidence;
  const points = rolePoints(roles).map(({ id }) => ({ point: id, percent: coverageOf(traceOf(traces, { id }), window).percent }));
  return {
    window,
    loaded,
    sets: signals.gensets.map((genset) => setFigures(genset, recognised, { window, profile })),
    upss: signals.upss.map(({ ups, source, input }) => {
      const battery = spansOf(batterySignal(source, input), (value) => value === 'battery', window.to).filter(
        ({ seenTo, seenFrom }) => seenTo > window.from && seenFrom <= window.to,
      );
      const noOutput = spansOf(source, (value) => value === 'none', window.to);
      return {
        ups: ups.id,
        onBattery: battery.map(({ from, to, seenFrom, seenTo }) =>
          between(from ?? { at: seenFrom, after: -Infinity }, to ?? { at: Infinity, after: seenTo })),
        lowestVolts: lowest(traces, ups.batteryVoltage, window),
        lowestCharge: lowest(traces, ups.charge, window),
        lowestAutonomyS: lowest(traces, ups.autonomy, window),
        dropped: source.length === 0 ? null : noOutput.some(({ seenTo, seenFrom }) => seenTo > window.from && seenFrom <= window.to),
      };
    }),
    kw: total === null || loaded === null ? null : extentOf(samplesIn(total, loaded)),
    // Each set by itself and until the load was seen gone: in the sum a reading of one set holds on while another is read.
    kwIsCovered:
      total !== null &&
      loaded !== null &&
      isCovered(total, loaded, needed) &&
      powers.every((power) => isCovered(power, { from: loaded.from, to: last?.to?.at ?? window.to }, needed)),
    kwh: total === null || loaded === null || total.samples.length === 0 ? null : integralOf(total, loaded),
    fuel: fuelOf(roles, traces, { run: window, loaded, coverage: needed }),
    coverage: points.length === 0 ? 0 : points.reduce((sum, { percent }) => sum + percent, 0) / points.length,
    missing: points.filter(({ percent }) => percent < needed),
  };
} // prettier-ignore

function latest({ traces }: Recognised): number {
  return Math.max(0, ...[...traces.values()].map(({ samples }) => samples.at(-1)?.at ?? 0));
}

function lowest(traces: Recognised['traces'], point: RolePoint | undefined, window: Window): number | null {
  return extentOf(samplesIn(traceOf(traces, point), window))?.min ?? null;
}

function setFigures(
  signals: GensetSignals,
  { run, traces }: Recognised,
  { window, profile }: { readonly window: Window; readonly profile: LoadTestProfile },
): SetFigures {
  const { genset, engine, loaded } = signals;
  const { recognition: settings, criteria, evidence } = profile;
  const marks = run.phases.filter(({ thing }) => thing === genset.id);
  const cranks = marks.filter(({ phase, seen }) => phase === 'crank' && seen !== 'absent' && seen !== 'unseen');
  const crank = cranks.at(-1);
  const ready = marks.find(({ phase }) => phase === 'in-tolerance')?.from ?? null;
  const coolDown = marks.find(({ phase }) => phase === 'cool-down');
  const turning = spansOf(engine, (value) => value !== 'stopped', window.to).filter(({ seenTo }) => seenTo > window.from);
  const carrying = spansOf(loaded, Boolean, window.to).filter(
    ({ seenTo, seenFrom }) => seenTo > window.from && seenFrom <= window.to,
  );
  const [firstLoad, lastLoad] = [carrying[0], carrying.at(-1)];
  const ends = spansOf(signals.loaded, Boolean, window.to).at(-1)?.to === null ? siteLoadedTo(run, window) : window.to;
  const ownLoad = loadedWindow(firstLoad, lastLoad, {
    window: { ...window, to: ends },
    holdMs: powerOf(genset, traces).holdMs,
  });
  const steps = stepsOf(signals, traces, {
    window,
    settings,
    limits: { volts: criteria['steady-voltage'].within, hertz: criteria['steady-frequency'].band },
  });
  const running = turning[0] === undefined ? null : { from: turning[0].seenFrom, to: Math.min(turning.at(-1)?.seenTo ?? window.to, window.to) };
  const within = (point: RolePoint | undefined, time: Window | null): Extent | null =>
    time === null ? null : extentOf(samplesIn(traceOf(traces, point), time));
  const crankAt = crank?.from?.at;
  const cranking = crankAt === undefined ? null : { from: crankAt, to: crank?.to?.at ?? crankAt + 10_000 };
  const started = turning.length > 0 ? spansOf(engine, (value) => value === 'running', window.to).some(({ seenTo }) => seenTo > window.from) : null;
  return {
    genset: genset.id,
    ratedKw: genset.ratedKw ?? null,
    started: started ?? (isKnownStill(run.phases, genset.id) ? false : null),
    carried: carrying.length > 0 ? true : isKnown(signals.loaded, window) ? false : null,
    attempts: cranks.length,
    crank: durationOf(crank?.from, crank?.to),
    lowestCrankVolts: within(genset.battery, cranking)?.min ?? null,
    toReady: durationOf(cranks[0]?.from, ready),
    atLoad: atLoad(signals, traces, { window, percent: criteria['loaded-run'].load }),
    kw: ownLoad === null ? null : extentOf(samplesIn(powerOf(genset, traces), ownLoad)),
    loadedWindow: ownLoad,
    coolDown: durationOf(coolDown?.from, coolDown?.to),
    oil: within(genset.oil, ownLoad),
    coolant: within(genset.coolant, running),
    battery: within(genset.battery, running),
    volts: steadyVolts(signals, traces, { loadedWindow: ownLoad, steps, settings, coverage: evidence.coverage }),
    hertz: steadyHertz(signals, traces, { loadedWindow: ownLoad, steps, coverage: evidence.coverage }),
    hoursBefore: hours(traces, genset.hours, window.from),
    hoursAfter: hours(traces, genset.hours, window.to),
    steps,
  };
} // prettier-ignore

function durationOf(from: Edge | null | undefined, to: Edge | null | undefined): Duration | null {
  return from === null || from === undefined || to === null || to === undefined ? null : between(from, to);
}

/** From the first to the last load. Where its end was not seen it may have lasted to the end: the gap is part of it. */
function loadedWindow(
  first: Span | undefined,
  last: Span | undefined,
  { window, holdMs }: { readonly window: Window; readonly holdMs: number },
): Window | null {
  if (first === undefined || last === undefined) return null;
  const { to: end } = last;
  const ends = end === null ? window.to : end.at - end.after > holdMs ? end.at : end.after;
  return { from: first.seenFrom, to: Math.max(first.seenFrom, Math.min(ends, window.to)) };
}

/** When the site as a whole was back on PLN, as far as that was seen. */
function siteLoadedTo({ phases }: Recognised['run'], window: Window): number {
  return phases.find(({ phase }) => phase === 'loaded-run')?.to?.after ?? window.to;
}

function isKnownStill(phases: Recognised['run']['phases'], genset: string): boolean {
  return phases.some(({ phase, thing, seen }) => phase === 'crank' && thing === genset && seen === 'absent');
}

function hours(traces: Recognised['traces'], point: RolePoint | undefined, at: number): number | null {
  const seconds = heldAt(traceOf(traces, point), at);
  return seconds === undefined ? null : seconds / 3_600;
}

/** Longest continuous time at or above a share of the nameplate. */
function atLoad(
  { genset }: GensetSignals,
  traces: Recognised['traces'],
  { window, percent }: { readonly window: Window; readonly percent: number },
): Duration | null {
  if (genset.ratedKw === undefined) return null;
  const leastKw = (genset.ratedKw * percent) / 100;
  const trace = powerOf(genset, traces);
  const samples = samplesIn(trace, window);
  if (samples.length === 0) return null;
  let [proven, possible, provenFrom, possibleFrom] = [0, 0, Infinity, window.from];
  let before: { readonly at: number; readonly isEnough: boolean } | undefined;
  for (const { at, value } of samples) {
    const isEnough = value >= leastKw;
    const isGap = before !== undefined && at - before.at > trace.holdMs;
    if (isEnough) {
      if (before === undefined || !before.isEnough || isGap) provenFrom = at;
      if (before !== undefined && !before.isEnough) possibleFrom = before.at;
      proven = Math.max(proven, at - provenFrom);
      possible = Math.max(possible, at - possibleFrom);
    } else {
      if (before?.isEnough === true || isGap) possible = Math.max(possible, at - (isGap && before?.isEnough === false ? before.at : possibleFrom));
      possibleFrom = at;
      provenFrom = Infinity;
    }
    before = { at, isEnough };
  }
  if (before !== undefined) {
    const restMs = window.to - before.at;
    if (before.isEnough || restMs > trace.holdMs)
      possible = Math.max(possible, window.to - (before.isEnough ? possibleFrom : before.at));
  }
  return { least: proven, most: Math.max(possible, proven), seen: proven };
} // prettier-ignore

interface SteadyOptions {
  readonly loadedWindow: Window | null;
  readonly steps: readonly Edge[];
  readonly coverage: number;
}

/** What a few readings between two steps show is no steady state. */
const leastSteadyMs = 30_000;

function isLongEnough(samples: readonly Sample[]): boolean {
  return (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0) >= leastSteadyMs;
}

/** Away from steps of load. */
function isSteady(at: number, { loadedWindow, steps }: SteadyOptions): boolean {
  if (loadedWindow === null || at < loadedWindow.from + settleMs || at > loadedWindow.to) return false;
  return !steps.some((step) => at > step.after && at <= step.at + settleMs);
}

function steadyVolts(
  { genset }: GensetSignals,
  traces: Recognised['traces'],
  options: SteadyOptions & { readonly settings: LoadTestProfile['recognition'] },
): SetFigures['volts'] {
  const { loadedWindow, settings, coverage } = options;
  if (loadedWindow === null) return null;
  let [lowestPercent, highestPercent, count, covered] = [0, 0, 0, genset.voltages.length > 0];
  for (const point of genset.voltages) {
    const trace = traceOf(traces, point);
    const steady = samplesIn(trace, loadedWindow).filter(({ at }) => isSteady(at, options));
    covered &&= isCovered(trace, loadedWindow, coverage) && isLongEnough(steady);
    for (const { value } of steady) {
      const percent = (value / nominalVolts(point.part, settings) - 1) * 100;
      lowestPercent = count === 0 ? percent : Math.min(lowestPercent, percent);
      highestPercent = count === 0 ? percent : Math.max(highestPercent, percent);
      count += 1;
    }
  }
  return count === 0 ? null : { lowest: lowestPercent, highest: highestPercent, isCovered: covered };
}

function steadyHertz(
  { genset }: GensetSignals,
  traces: Recognised['traces'],
  options: SteadyOptions,
): SetFigures['hertz'] {
  const { loadedWindow, coverage } = options;
  if (loadedWindow === null) return null;
  const trace = traceOf(traces, genset.frequency);
  const samples = samplesIn(trace, loadedWindow).filter(({ at }) => isSteady(at, options));
  const steady = extentOf(samples);
  if (steady === null) return null;
  const { min, max } = steady;
  return { min, max, isCovered: isCovered(trace, loadedWindow, coverage) && isLongEnough(samples) };
}
