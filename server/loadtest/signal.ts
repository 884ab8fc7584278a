import { isUsable } from '../../core/reading.ts';
import type { Sample } from '../historian/historian.ts';

/** The readings of a point. */
export interface Trace {
  /** Ascending in time. */
  readonly samples: readonly Sample[];
  /** A reading holds until the next one, but no longer than this, ms. */
  readonly holdMs: number;
}

/** A change that was seen at `at`, and was not there yet at `after`: it happened between the two. */
export interface Edge {
  readonly at: number;
  readonly after: number;
}

/** From `at` on the value holds; undefined: it is not known. */
interface Step<Value> extends Edge {
  readonly value: Value | undefined;
}

/** What is known of something over time, in the order of time; before the first step nothing is. */
export type Signal<Value> = readonly Step<Value>[];

/** What the readings say; where they cease for longer than they hold, nothing is known. */
export function signalOf<Value extends string | boolean>(
  { samples, holdMs }: Trace,
  meaning: (value: number) => Value | undefined,
): Signal<Value> {
  const steps: Step<Value>[] = [];
  let knownAt: number | undefined;
  const put = (value: Value | undefined, edge: Edge): void => {
    if (steps.at(-1)?.value !== value || steps.length === 0) steps.push({ value, ...edge });
  };
  for (const { at, value, quality } of samples) {
    if (knownAt !== undefined && at - knownAt > holdMs)
      put(undefined, { at: knownAt + holdMs, after: knownAt });
    const means = isUsable(quality) ? meaning(value) : undefined;
    put(means, { at, after: knownAt ?? -Infinity });
    if (means !== undefined) knownAt = at;
  }
  if (knownAt !== undefined) put(undefined, { at: knownAt + holdMs, after: knownAt });
  return steps;
}

/** Several signals as one, recomputed whenever one of them changes. */
export function combine<From, To extends string | boolean>(
  signals: readonly Signal<From>[],
  meaning: (values: readonly (From | undefined)[]) => To | undefined,
): Signal<To> {
  const changes = signals
    .flatMap((signal, place) => signal.map((step) => ({ place, step })))
    .sort((a, b) => a.step.at - b.step.at);
  const values: (From | undefined)[] = signals.map(() => undefined);
  const steps: Step<To>[] = [];
  for (const [index, { place, step }] of changes.entries()) {
    values[place] = step.value;
    if (changes[index + 1]?.step.at === step.at) continue;
    const value = meaning(values);
    if (steps.length === 0 || steps.at(-1)?.value !== value)
      steps.push({ value, at: step.at, after: earliestOf(changes, index) });
  }
  return steps;
}

/** The first signal; where it is not known, the next one that is. The doubt of a change is that of the signal that shows it. */
export function firstKnown<Value extends string | boolean>(signals: readonly Signal<Value>[]): Signal<Value> {
  const [first, ...others] = signals;
  if (first === undefined || others.length === 0) return first ?? [];
  const times = [...new Set(signals.flatMap((signal) => signal.map(({ at }) => at)))].sort((a, b) => a - b);
  const places = signals.map(() => -1);
  const steps: Step<Value>[] = [];
  for (const at of times) {
    for (const [which, signal] of signals.entries())
      while ((signal[(places[which] ?? -1) + 1]?.at ?? Infinity) <= at) places[which] = (places[which] ?? -1) + 1;
    const step = signals.map((signal, which) => signal[places[which] ?? -1]).find((each) => each?.value !== undefined);
    if (steps.length > 0 && steps.at(-1)?.value === step?.value) continue;
    // A signal that knew it before another one ceased shows no change of its own.
    const after = step === undefined || step.at !== at ? at : step.after;
    steps.push({ value: step?.value, at, after });
  }
  return steps;
} // prettier-ignore

/** Of changes that were seen at one time, the widest doubt counts. */
function earliestOf(changes: readonly { readonly step: Edge }[], index: number): number {
  const at = changes[index]?.step.at;
  let after = Infinity;
  for (let place = index; place >= 0 && changes[place]?.step.at === at; place -= 1)
    after = Math.min(after, changes[place]?.step.after ?? Infinity);
  return after;
}

export function valueAt<Value>(signal: Signal<Value>, at: number): Value | undefined {
  return signal.findLast((step) => step.at <= at)?.value;
}

/** A time for which a signal had a value; null: it had it already before, or has it still, or the end was not seen. */
export interface Span {
  readonly from: Edge | null;
  readonly to: Edge | null;
  /** The first and the last time at which it is known to hold. */
  readonly seenFrom: number;
  readonly seenTo: number;
}

/** `until`: how far the readings go. */
export function spansOf<Value>(
  signal: Signal<Value>,
  isIt: (value: Value) => boolean,
  until: number,
): Span[] {
  const spans: Span[] = [];
  for (let index = 0; index < signal.length; index += 1) {
    const step = signal[index];
    if (step?.value === undefined || !isIt(step.value)) continue;
    const before = signal[index - 1];
    let end = index + 1;
    while (end < signal.length) {
      const value = signal[end]?.value;
      if (value === undefined || !isIt(value)) break;
      end += 1;
    }
    const next = signal[end];
    spans.push({
      from: before === undefined ? null : edgeFrom(signal, index, isIt),
      to: next === undefined ? null : edgeTo(signal, end, isIt),
      seenFrom: step.at,
      seenTo: next?.at ?? until,
    });
    index = end - 1;
  }
  return spans;
}

/** After a gap the change lies anywhere in it: since what was last known to be otherwise. */
function edgeFrom<Value>(signal: Signal<Value>, index: number, isIt: (value: Value) => boolean): Edge | null {
  const step = signal[index];
  const before = signal[index - 1];
  if (step === undefined || before === undefined) return null;
  if (before.value !== undefined) return isIt(before.value) ? null : { at: step.at, after: step.after };
  const known = signal[index - 2];
  if (known?.value === undefined || isIt(known.value)) return null;
  return { at: step.at, after: before.after };
}

function edgeTo<Value>(signal: Signal<Value>, end: number, isIt: (value: Value) => boolean): Edge | null {
  const step = signal[end];
  if (step === undefined) return null;
  if (step.value !== undefined) return { at: step.at, after: step.after };
  const next = signal[end + 1];
  if (next?.value === undefined || isIt(next.value)) return null;
  return { at: next.at, after: step.after };
}

/** As if what was last known went on through every gap; a change in a gap keeps the doubt about its time. */
export function throughGaps<Value>(signal: Signal<Value>): Signal<Value> {
  const known = signal.filter(({ value }) => value !== undefined);
  return known.filter((step, index) => known[index - 1]?.value !== step.value);
}

/** The first time at or after `from` that a signal comes to be so. */
export function firstEdge<Value>(
  signal: Signal<Value>,
  isIt: (value: Value) => boolean,
  { from, to }: { readonly from: number; readonly to: number },
): Edge | undefined {
  for (const span of spansOf(signal, isIt, to))
    if (span.from !== null && span.from.at >= from && span.from.at <= to) return span.from;
  return undefined;
}

/** How long from one change to another took at least and at most, ms. */
export interface Duration {
  readonly least: number;
  readonly most: number;
  /** From sample to sample. */
  readonly seen: number;
}

export function between(from: Edge, to: Edge): Duration {
  return {
    least: Math.max(0, to.after - from.at),
    most: Math.max(0, to.at - from.after),
    seen: Math.max(0, to.at - from.at),
  };
}

/** The same readings as another clock would have stamped them. */
export function shifted(trace: Trace, byMs: number): Trace {
  if (byMs === 0) return trace;
  return { ...trace, samples: trace.samples.map((sample) => ({ ...sample, at: sample.at + byMs })) };
}
