import { isUsable } from '../../core/reading.ts';
import type { Sample } from '../historian/historian.ts';
import type { Genset, Incomer, RolePoint, SiteRoles } from './roles.ts';
import { type Engine, siteSignals, type Settings, type Traces, traceOf } from './things.ts';
import { spansOf, type Signal, type Trace } from './signal.ts';

/** A measured quantity of a running plant is never the same to the last digit for so long. */
const frozenMs = 60_000;
const leastSamples = 8;

/** A meter whose values stand still: what it says since then is no evidence. */
export interface FrozenPoint {
  readonly point: string;
  readonly from: number;
}

/**
 * Takes out the readings of meters that have frozen. A device is frozen while all that it measures stands still; a single quantity of a
 * genset when it contradicts the engine: a voltage after it has stopped.
 */
export function withoutFrozen(
  roles: SiteRoles,
  traces: Traces,
  settings: Settings,
): { readonly traces: Traces; readonly frozen: readonly FrozenPoint[] } {
  const kept = new Map(traces);
  const frozen: FrozenPoint[] = [];
  const drop = (point: RolePoint, spans: readonly Still[]): void => {
    const trace = traceOf(kept, point);
    for (const { from } of spans) frozen.push({ point: point.id, from: Math.max(from, trace.samples[0]?.at ?? from) });
    const { samples } = trace;
    kept.set(point.id, {
      ...trace,
      samples: samples.filter(({ at }) => !spans.some(({ from, to }) => at > from && at <= to)),
    });
  };
  for (const incomer of roles.incomers) {
    const points = incomerPoints(incomer);
    for (const point of points) drop(point, together(points.map((each) => traceOf(traces, each))));
  }
  const { gensets } = siteSignals(roles, traces, settings);
  for (const { genset, engine } of gensets) {
    const measured = gensetPoints(genset);
    const whole = together(measured.map((point) => traceOf(traces, point)));
    for (const point of measured) {
      const spans = [...whole, ...contradicting(traceOf(traces, point), engine)];
      if (spans.length > 0) drop(point, spans);
    }
  }
  return { traces: kept, frozen };
} // prettier-ignore

function incomerPoints({ voltages, power, frequency }: Incomer): RolePoint[] {
  return [...voltages, ...[power, frequency].flatMap((point) => point ?? [])];
}

function gensetPoints({ voltages, phasePowers, power, frequency, speed }: Genset): RolePoint[] {
  return [...voltages, ...phasePowers, ...[power, frequency, speed].flatMap((point) => point ?? [])];
}

/** From the last reading that was still true to the last one that stood still. */
interface Still {
  readonly from: number;
  readonly to: number;
}

function stills(samples: readonly Sample[]): Still[] {
  const found: Still[] = [];
  let start = 0;
  for (let index = 1; index <= samples.length; index += 1) {
    const [first, here, last] = [samples[start], samples[index], samples[index - 1]];
    if (first === undefined || last === undefined) continue;
    if (here !== undefined && here.value === first.value && here.quality === first.quality) continue;
    const isLong = last.at - first.at >= frozenMs && index - start >= leastSamples;
    if (isLong && isUsable(first.quality) && first.value !== 0) found.push({ from: first.at, to: last.at });
    start = index;
  }
  return found;
}

/** While all traces that have readings stand still at once; one alone says nothing. */
function together(traces: readonly Trace[]): Still[] {
  const each = traces.filter(({ samples }) => samples.some(({ value }) => value > 0)).map(({ samples }) => stills(samples));
  const [first, ...others] = each;
  if (first === undefined || others.length === 0) return [];
  return others.reduce<Still[]>((common, next) => common.flatMap((one) => next.flatMap((other) => overlap(one, other))), first);
} // prettier-ignore

function overlap(one: Still, other: Still): Still[] {
  const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
  return to - from >= frozenMs ? [{ from, to }] : [];
}

/** A value that stands still while the engine has stopped for longer than it takes to run down. */
function contradicting({ samples }: Trace, engine: Signal<Engine>): Still[] {
  const stopped = spansOf(engine, (value) => value === 'stopped', Infinity);
  return stills(samples).filter(({ from, to }) =>
    stopped.some(({ seenFrom, seenTo }) => Math.min(to, seenTo) - Math.max(from, seenFrom) >= frozenMs),
  );
}
