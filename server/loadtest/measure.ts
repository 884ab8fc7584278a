import { isUsable } from '../../core/reading.ts';
import type { Sample } from '../historian/historian.ts';
import type { Window } from './phases.ts';
import type { Genset } from './roles.ts';
import type { Trace } from './signal.ts';
import { type Traces, traceOf } from './things.ts';

/** Usable readings of a time. */
export function samplesIn({ samples }: Trace, { from, to }: Window): Sample[] {
  return samples.filter(({ at, quality }) => at >= from && at <= to && isUsable(quality));
}

export interface Coverage {
  /** Share of the time for which a reading holds, %. */
  readonly percent: number;
  /** The longest time between two readings, ms. */
  readonly longestGapMs: number;
}

/** How much of a time the readings cover. */
export function coverageOf(trace: Trace, { from, to }: Window): Coverage {
  let covered = 0;
  let longestGapMs = 0;
  let at = from;
  let heldUntil = from;
  for (const sample of trace.samples) {
    if (sample.at > to) break;
    if (!isUsable(sample.quality)) continue;
    if (sample.at >= from) {
      covered += Math.max(0, Math.min(sample.at, heldUntil) - at);
      longestGapMs = Math.max(longestGapMs, sample.at - at);
      at = sample.at;
    }
    heldUntil = sample.at + trace.holdMs;
  }
  covered += Math.max(0, Math.min(to, heldUntil) - at);
  longestGapMs = Math.max(longestGapMs, to - at);
  return { percent: to > from ? (covered / (to - from)) * 100 : 0, longestGapMs };
}

/** Whether a time is covered well enough for a pass to rest on it. */
export function isCovered(trace: Trace, window: Window, percent: number): boolean {
  if (window.to <= window.from) return trace.samples.some(({ at }) => at >= window.from);
  const { percent: covered, longestGapMs } = coverageOf(trace, window);
  return covered >= percent && longestGapMs <= trace.holdMs;
}

export interface Extent {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

export function extentOf(samples: readonly Sample[]): Extent | null {
  if (samples.length === 0) return null;
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const { value } of samples) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { min, max, mean: sum / samples.length, count: samples.length };
}

/** The value that holds at a time; undefined: none does. */
export function heldAt({ samples, holdMs }: Trace, at: number): number | undefined {
  const last = samples.findLast((sample) => sample.at <= at && isUsable(sample.quality));
  return last !== undefined && at - last.at <= holdMs ? last.value : undefined;
}

/** The sum of several traces wherever all of them hold, at the times of their readings. */
export function sumOf(traces: readonly Trace[], { from, to }: Window): Trace {
  const news = traces
    .flatMap(({ samples }, place) => samples.map((sample) => ({ place, sample })))
    .filter(({ sample }) => sample.at <= to)
    .sort((a, b) => a.sample.at - b.sample.at);
  const last: (Sample | undefined)[] = traces.map(() => undefined);
  const samples: Sample[] = [];
  for (const [index, { place, sample }] of news.entries()) {
    last[place] = isUsable(sample.quality) ? sample : undefined;
    if (news[index + 1]?.sample.at === sample.at || sample.at < from) continue;
    let sum = 0;
    const whole = traces.every(({ holdMs }, one) => {
      const held = last[one];
      if (held === undefined || sample.at - held.at > holdMs) return false;
      sum += held.value;
      return true;
    });
    if (whole) samples.push({ at: sample.at, value: sum, quality: 0 });
  }
  // Its parts were held already: where one of them ceases, the sum does not go on for as long again.
  return { samples, holdMs: Math.max(0, ...traces.map(({ holdMs }) => holdMs)) / 2 };
}

/** What a genset delivers: of the whole machine, else of its phases together. */
export function powerOf({ power, phasePowers }: Genset, traces: Traces): Trace {
  const whole = traceOf(traces, power);
  if (whole.samples.length > 0 || phasePowers.length < 3) return whole;
  const phases = phasePowers.map((point) => traceOf(traces, point));
  return sumOf(phases, { from: -Infinity, to: Infinity });
}

/** Time integral of what is held, value × hours; gaps count nothing. */
export function integralOf({ samples, holdMs }: Trace, { from, to }: Window, of: (value: number) => number = same): number {
  let sum = 0;
  for (const [index, { at, value, quality }] of samples.entries()) {
    if (!isUsable(quality) || at >= to) continue;
    const ends = Math.min(samples[index + 1]?.at ?? Infinity, at + holdMs, to);
    const begins = Math.max(at, from);
    if (ends > begins) sum += (of(value) * (ends - begins)) / 3_600_000;
  }
  return sum;
} // prettier-ignore

function same(value: number): number {
  return value;
}

/** L/h at a load, on the line between the points of a fuel curve and beyond its ends; undefined: there is no curve. */
export function litresPerHour(
  curve: readonly { readonly load: number; readonly litresPerHour: number }[],
  load: number,
): number | undefined {
  const place = curve.findIndex((point) => point.load >= load);
  const upper = place < 0 ? curve.length - 1 : Math.max(1, place);
  const [low, high] = [curve[upper - 1], curve[upper]];
  if (low === undefined || high === undefined) return undefined;
  const slope = (high.litresPerHour - low.litresPerHour) / (high.load - low.load);
  return Math.max(0, low.litresPerHour + slope * (load - low.load));
}
