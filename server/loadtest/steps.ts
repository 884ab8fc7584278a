import type { Genset } from './roles.ts';
import { powerOf, samplesIn } from './measure.ts';
import type { Window } from './phases.ts';
import { type Duration, type Edge, spansOf } from './signal.ts';
import { nominalVolts, type GensetSignals, type Settings, type Traces, traceOf } from './things.ts';

/** Voltage and frequency are given this long to settle after a change of load. */
export const settleMs = 10_000;

/** A change of load of a genset, and how its voltage and frequency took it. */
export interface LoadStep extends Edge {
  readonly genset: string;
  readonly fromKw: number;
  readonly toKw: number;
  readonly volts: Excursion | null;
  readonly hertz: Excursion | null;
}

interface Excursion {
  /** Lowest and highest reading within ten seconds, % of nominal above or below it. */
  readonly lowest: number;
  readonly highest: number;
  /** Until it was steady again, ms; null: it was not within the readings. */
  readonly recovery: Duration | null;
  /** The longest time between two of the readings, ms: a dip may hide in it. */
  readonly sampledMs: number;
}

/** Load changes of one genset while it ran. */
export function stepsOf(
  { genset, loaded }: GensetSignals,
  traces: Traces,
  {
    window,
    settings,
    limits,
  }: {
    readonly window: Window;
    readonly settings: Settings;
    /** What counts as steady, % of nominal. */
    readonly limits: { readonly volts: number; readonly hertz: number };
  },
): LoadStep[] {
  const samples = samplesIn(powerOf(genset, traces), window);
  const leastKw = ((genset.ratedKw ?? Infinity) * settings.stepFrom) / 100;
  // Once its load is gone a set is unloaded on purpose: how it took that is judged as well, its stop is not.
  const ends = spansOf(loaded, Boolean, window.to).at(-1)?.to?.at ?? window.to;
  const steps: LoadStep[] = [];
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || sample.at > ends) continue;
    if (Math.abs(sample.value - before.value) < leastKw) continue;
    const edge = { at: sample.at, after: before.at };
    const volts = excursion(genset.voltages, traces, edge, {
      nominal: (part) => nominalVolts(part, settings),
      within: limits.volts,
      around: undefined,
    });
    const hertz = excursion(genset.frequency === undefined ? [] : [genset.frequency], traces, edge, {
      nominal: () => settings.hertz,
      within: limits.hertz,
      around: steadyHertz(genset, traces, window),
    });
    steps.push({ ...edge, genset: genset.id, fromKw: before.value, toKw: sample.value, volts, hertz });
  }
  return steps;
}

/** A governor with droop holds another frequency under load: recovery is judged around the one that it comes back to. */
function steadyHertz(genset: Genset, traces: Traces, window: Window): number | undefined {
  const values = samplesIn(traceOf(traces, genset.frequency), window)
    .map(({ value }) => value)
    .filter((value) => value > 0)
    .sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

function excursion(
  points: Genset['voltages'],
  traces: Traces,
  edge: Edge,
  {
    nominal,
    within,
    around,
  }: {
    readonly nominal: (part: string | undefined) => number;
    readonly within: number;
    readonly around: number | undefined;
  },
): Excursion | null {
  let [lowest, highest, sampledMs, lastOut, firstIn] = [0, 0, 0, -Infinity, -Infinity];
  let seen = false;
  for (const point of points) {
    const samples = samplesIn(traceOf(traces, point), { from: edge.after, to: edge.at + settleMs });
    if (samples.length < 2) continue;
    seen = true;
    const rated = nominal(point.part);
    const middle = around ?? rated;
    let steadySince: number | undefined;
    for (const [index, { at, value }] of samples.entries()) {
      const before = samples[index - 1];
      if (before !== undefined) sampledMs = Math.max(sampledMs, at - before.at);
      if (at <= edge.after) continue;
      const percent = (value / rated - 1) * 100;
      lowest = Math.min(lowest, percent);
      highest = Math.max(highest, percent);
      if (Math.abs(value - middle) <= (rated * within) / 100) steadySince ??= at;
      else {
        steadySince = undefined;
        lastOut = Math.max(lastOut, at);
      }
    }
    firstIn = Math.max(firstIn, steadySince ?? Infinity);
  }
  if (!seen) return null;
  const recovery = Number.isFinite(firstIn)
    ? { least: Math.max(0, lastOut - edge.at), most: Math.max(0, firstIn - edge.after), seen: Math.max(0, firstIn - edge.at) }
    : null;
  return { lowest, highest, recovery, sampledMs };
} // prettier-ignore
