import {
  combine,
  type Edge,
  firstEdge,
  type Signal,
  type Span,
  spansOf,
  throughGaps,
  valueAt,
} from './signal.ts';
import { anyOf, type SiteSignals, type Source, type UpsSource } from './things.ts';

/** In the order of a test. */
export const phaseNames = [
  'grid-off', 'ups-battery', 'crank', 'in-tolerance', 'transfer', 'loaded-run', 'grid-back', 'retransfer', 'cool-down',
  'stop',
] as const; // prettier-ignore
export type PhaseName = (typeof phaseNames)[number];

/** One phase of one thing. */
export interface PhaseMark {
  readonly phase: PhaseName;
  /** A UPS, a genset, a switch; null: the site. */
  readonly thing: string | null;
  /** Where it began and ended; null: that was not seen. A phase that is a moment has the same of both. */
  readonly from: Edge | null;
  readonly to: Edge | null;
  /** absent: the readings show that it did not happen. unseen: they do not tell. */
  readonly seen: 'seen' | 'partly' | 'unseen' | 'absent';
}

/** [from, to], epoch ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface RunSignals extends SiteSignals {
  /** PLN as a whole: lost while all its sources are. */
  readonly grid: Signal<Source>;
  /** Some genset carries load. */
  readonly loaded: Signal<boolean>;
}

/** The phases of a run, each timed to the sample, in the order of the phases and of the things. */
export function phasesOf(signals: RunSignals, window: Window): PhaseMark[] {
  const { from, to } = window;
  const inside = <Value>(signal: Signal<Value>, isIt: (value: Value) => boolean): Span[] =>
    spansOf(signal, isIt, to).filter(({ seenFrom, seenTo }) => seenTo > from && seenFrom <= to);
  const moment = (edge: Edge | undefined) => edge ?? null;

  const lost = inside(signals.grid, (value) => value === 'lost');
  const off = lost[0]?.from ?? firstInputLoss(signals, window);
  const back = lost.at(-1)?.to ?? null;
  const marks: PhaseMark[] = [
    mark('grid-off', null, {
      from: off,
      to: back,
      known: lost.length === 0 && isKnown(signals.grid, window),
    }),
  ];

  for (const { ups, source, input } of signals.upss) {
    const spans = inside(batterySignal(source, input), (value) => value === 'battery');
    const known = isKnown(source, window) || isKnown(input, window);
    if (spans.length === 0) marks.push(mark('ups-battery', ups.id, { from: null, to: null, known }));
    for (const span of spans) marks.push(mark('ups-battery', ups.id, { ...span, known: false }));
  }

  for (const { genset, engine, ready, loaded } of signals.gensets) {
    const known = isKnown(engine, window);
    const whole = throughGaps(engine);
    const starts = inside(whole, (value) => value !== 'stopped');
    const attempts = starts.map((span) => crankOf(whole, span, to));
    if (starts.length === 0) marks.push(mark('crank', genset.id, { from: null, to: null, known }));
    for (const attempt of attempts) marks.push(mark('crank', genset.id, { ...attempt, known: false }));
    const tolerance = firstEdge(ready, Boolean, window) ?? null;
    const neverReady = isKnown(ready, window) && inside(ready, Boolean).length === 0;
    marks.push(mark('in-tolerance', genset.id, { from: tolerance, to: tolerance, known: neverReady }));
    const unloaded = inside(throughGaps(loaded), Boolean).at(-1)?.to ?? null;
    const stopped = starts.at(-1)?.to ?? null;
    marks.push(
      mark('cool-down', genset.id, { from: unloaded, to: stopped, known: known && starts.length === 0 }),
      mark('stop', genset.id, { from: stopped, to: stopped, known: known && starts.length === 0 }),
    );
  }

  for (const { transfer, position } of signals.transfers) {
    const spans = inside(position, (value) => value === 'emergency');
    const known = spans.length === 0 && isKnown(position, window);
    const there = moment(spans[0]?.from ?? undefined);
    const again = moment(spans.at(-1)?.to ?? undefined);
    marks.push(
      mark('transfer', transfer.id, { from: there === null ? null : off, to: there, known }),
      mark('retransfer', transfer.id, { from: again === null ? null : back, to: again, known }),
    );
  }

  const loads = inside(signals.loaded, Boolean);
  marks.push(
    mark('loaded-run', null, {
      from: loads[0]?.from ?? null,
      to: loads.at(-1)?.to ?? null,
      known: loads.length === 0 && isKnown(signals.loaded, window),
    }),
    mark('grid-back', null, { from: back, to: back, known: false }),
  );
  return [...marks].sort((a, b) => phaseNames.indexOf(a.phase) - phaseNames.indexOf(b.phase));
}

/** From the gensets' power; where or while that is not known, whether a switch stands on the gensets. */
export function loadedOf({ gensets, transfers }: SiteSignals): Signal<boolean> {
  const loads = gensets.map(({ loaded }) => loaded).filter(({ length }) => length > 0);
  const positions = transfers
    .map(({ position }) => position)
    .filter(({ length }) => length > 0)
    .map((signal) => signal.map((step) => ({ ...step, value: step.value === undefined ? undefined : step.value === 'emergency' })));
  return combine([...loads, ...positions], (values) => {
    const ofLoads = values.slice(0, loads.length);
    const byLoad = ofLoads.length === 0 ? undefined : anyOf(ofLoads);
    return byLoad ?? anyOf(values.slice(loads.length));
  });
} // prettier-ignore

/** On battery by its own word; where it does not give one, while its input has no voltage. */
export function batterySignal(source: Signal<UpsSource>, input: Signal<Source>): Signal<UpsSource> {
  if (source.length > 0) return source;
  return input.map((step) => ({
    ...step,
    value: step.value === undefined ? undefined : step.value === 'lost' ? 'battery' : 'mains',
  }));
}

/** All UPSs at once: one alone may test its battery. */
export function allOnBattery({ upss }: SiteSignals): Signal<boolean> {
  const known = upss
    .map(({ source, input }) => batterySignal(source, input))
    .filter(({ length }) => length > 0);
  return combine(known, (values): boolean | undefined => {
    if (values.length === 0 || values.includes(undefined)) return undefined;
    return values.every((value) => value === 'battery');
  });
}

/** The longest that a controller waits before it starts. */
const startDelayMs = 60_000;

/** Without meters of the incomers the UPSs tell when PLN went; not when it came back, since the gensets feed them then. */
export function firstInputLoss({ upss, grid }: RunSignals, window: Window): Edge | null {
  if (grid.some(({ value }) => value !== undefined)) return null;
  // The UPSs lose their input before the first engine cranks.
  const around = { from: window.from - startDelayMs, to: window.to };
  const edges = upss.flatMap(
    ({ source, input }) => firstEdge(batterySignal(source, input), (value) => value === 'battery', around) ?? [],
  );
  return edges.sort((a, b) => a.at - b.at)[0] ?? null;
} // prettier-ignore

/** Of one start: from the crank to running, or to the end of an attempt that failed. */
function crankOf<Name extends string>(engine: Signal<Name>, { from, to }: Span, until: number) {
  const begins = from?.at ?? -Infinity;
  const ends = to?.at ?? until;
  const running = firstEdge(engine, (value) => value === 'running', { from: begins, to: ends });
  const sawCrank = engine.some(({ at, value }) => value === 'cranking' && at >= begins && at < ends);
  if (running === undefined) return { from, to: sawCrank ? to : null };
  return { from, to: running };
}

function mark(
  phase: PhaseName,
  thing: string | null,
  { from, to, known }: { readonly from: Edge | null; readonly to: Edge | null; readonly known: boolean },
): PhaseMark {
  const ends = [from, to].filter((edge) => edge !== null).length;
  const seen = ends === 2 ? 'seen' : ends === 1 ? 'partly' : known ? 'absent' : 'unseen';
  return { phase, thing, from, to, seen };
}

/** There is no gap in what is known of it. */
export function isKnown<Value>(signal: Signal<Value>, { from, to }: Window): boolean {
  if (valueAt(signal, from) === undefined) return false;
  return !signal.some((step) => step.at > from && step.at < to && step.value === undefined);
}
