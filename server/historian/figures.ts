import { good, isUsable } from '../../core/reading.ts';
import {
  bucketMs,
  bucketStart,
  type Bucket,
  type BucketResolution,
  type FactsOf,
  type PointFacts,
  type Range,
  type Sample,
} from './historian.ts';

/** Samples in ascending time, in pages that a store can read without holding up the process. */
export type Pages = AsyncIterable<readonly Sample[]>;

/** The first `limit` samples. */
export async function firstSamples(pages: Pages, limit: number, signal?: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = [];
  signal?.throwIfAborted();
  if (limit <= 0) return samples;
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const sample of page) {
      samples.push(sample);
      if (samples.length >= limit) return samples;
    }
  }
  return samples;
}

/** The range in whole buckets. */
export function wholeBuckets({ from, to }: Range, resolution: BucketResolution): Range {
  if (from >= to) return { from, to: from };
  return { from: bucketStart(from, resolution), to: bucketStart(to - 1, resolution) + bucketMs[resolution] };
}

/**
 * Figures per bucket of `range`, which is one of whole buckets; one definition for every store, so that their answers agree to the
 * last bit. `pages` begin at least `holdMs` before the range: a reading from before it may hold into it.
 */
export async function bucketsOf(
  pages: Pages,
  asked: { readonly range: Range; readonly resolution: BucketResolution; readonly facts: PointFacts },
): Promise<Bucket[]> {
  const builder = createBucketBuilder(asked);
  for await (const page of pages) for (const sample of page) builder.add(sample);
  return builder.finish();
}

/** `Historian.buckets` for a store that reads raw samples; `scan` gives one point's in ascending time. */
export async function bucketsOfPoints(
  scan: (point: string, range: Range) => Pages,
  asked: {
    readonly points: readonly string[];
    readonly range: Range;
    readonly resolution: BucketResolution;
    readonly facts: FactsOf;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Map<string, Bucket[]>> {
  const range = wholeBuckets(asked.range, asked.resolution);
  const found = new Map<string, Bucket[]>();
  for (const point of asked.points) {
    asked.signal?.throwIfAborted();
    const facts = asked.facts(point);
    const pages = scan(point, { from: range.from - facts.holdMs, to: range.to });
    const buckets = await bucketsOf(pages, { range, resolution: asked.resolution, facts });
    if (buckets.length > 0) found.set(point, buckets);
  }
  return found;
}

/** Takes one point's samples in ascending time. */
export interface BucketBuilder {
  add(sample: Sample): void;
  /** The buckets so far; the last sample holds as long as it may, or until `until`. */
  finish(until?: number): Bucket[];
}

export function createBucketBuilder(asked: {
  readonly range: Range;
  readonly resolution: BucketResolution;
  readonly facts: PointFacts;
}): BucketBuilder {
  const buckets: Bucket[] = [];
  const wider = createRollUp(asked.resolution, (figures) => buckets.push(bucketOf(figures)));
  const minutes = createMinuteBuilder(asked, wider.add);
  return {
    add: minutes.add,
    finish(until) {
      minutes.finish(until);
      wider.finish();
      return buckets;
    },
  };
}

/**
 * What is kept of a bucket, so that wider ones come of it exactly: an hour's figures are made of its minutes', a day's of its hours',
 * whether they are stored or made of raw samples at this moment.
 */
export interface Figures {
  readonly at: number;
  /** Where `usable` is 0, the value that holds into the bucket in all three, or NaN. */
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly sum: number;
  /** Readings that have a value. */
  readonly usable: number;
  readonly count: number;
  readonly good: number;
  readonly coveredMs: number;
  readonly states: ReadonlyMap<number, number> | null;
}

export function bucketOf({
  at,
  min,
  max,
  last,
  sum,
  usable,
  count,
  good,
  coveredMs,
  states,
}: Figures): Bucket {
  if (Number.isNaN(last))
    return { at, min: null, max: null, mean: null, last: null, count, good, coveredMs, states };
  return { at, min, max, mean: usable > 0 ? sum / usable : last, last, count, good, coveredMs, states };
}

/** Takes what comes in ascending time, and gives the last of what it makes of it at the end. */
export interface Taker<T> {
  readonly add: (each: T) => void;
  /** Of samples: the last one holds as long as it may, or until `until`. */
  readonly finish: (until?: number) => void;
}

/** Takes samples in ascending time and gives the figures of minutes, as each ends. */
export function createMinuteBuilder(
  { range, facts }: { readonly range: Range; readonly facts: PointFacts },
  give: (figures: Figures) => void,
): Taker<Sample> {
  let open: OpenFigures | undefined;
  let previous: Sample | undefined;

  function minuteAt(at: number): OpenFigures {
    const begin = bucketStart(at, '1m');
    if (open?.at === begin) return open;
    if (open !== undefined) give(closed(open));
    open = openFigures(begin, facts.isState ? new Map() : null);
    return open;
  }

  /** Counts the time for which the previous sample holds. */
  function hold(until: number): void {
    if (previous === undefined || !isUsable(previous.quality)) return;
    const end = Math.min(until, previous.at + facts.holdMs, range.to);
    let at = Math.max(previous.at, range.from);
    while (at < end) {
      const minute = minuteAt(at);
      const next = Math.min(end, minute.at + bucketMs['1m']);
      cover(minute, previous.value, next - at);
      at = next;
    }
  }

  return {
    add(sample) {
      hold(sample.at);
      previous = sample;
      if (sample.at >= range.from && sample.at < range.to) count(minuteAt(sample.at), sample);
    },
    finish(until = Infinity) {
      hold(until);
      previous = undefined;
      if (open !== undefined) give(closed(open));
      open = undefined;
    },
  };
}

/** Takes figures in ascending time and gives those of wider buckets, as each ends: hours of minutes, days of hours. */
export function createRollUp(resolution: BucketResolution, give: (figures: Figures) => void): Taker<Figures> {
  if (resolution === '1m') return { add: give, finish: () => undefined };
  if (resolution === '1d') {
    const days = createWidening('1d', give);
    const hours = createWidening('1h', days.add);
    return {
      add: hours.add,
      finish() {
        hours.finish();
        days.finish();
      },
    };
  }
  return createWidening('1h', give);
}

/** One step of a roll-up. */
export function createWidening(
  resolution: BucketResolution,
  give: (figures: Figures) => void,
): Taker<Figures> {
  let open: OpenFigures | undefined;
  return {
    add(figures) {
      const begin = bucketStart(figures.at, resolution);
      if (open !== undefined && open.at !== begin) {
        give(closed(open));
        open = undefined;
      }
      open ??= openFigures(begin, figures.states === null ? null : new Map());
      addFigures(open, figures);
    },
    finish() {
      if (open !== undefined) give(closed(open));
      open = undefined;
    },
  };
}

function closed(open: OpenFigures): Figures {
  if (open.usable > 1) open.sum = withoutRounding(open.sum);
  return open;
}

const sumScale = 1e6;
/** Relative: some units in the last place, which is what adding up to an hour's readings may cost. */
const roundingError = 2e-15;

/**
 * A sum of readings of few decimals has as few: 127.30000000000001 is 127.3, which also takes less to store. Any other sum stays as it is.
 */
function withoutRounding(sum: number): number {
  const scaled = sum * sumScale;
  if (Math.abs(scaled) > Number.MAX_SAFE_INTEGER) return sum;
  const rounded = Math.round(scaled) / sumScale;
  return Math.abs(rounded - sum) <= Math.abs(sum) * roundingError ? rounded : sum;
}

interface OpenFigures {
  readonly at: number;
  min: number;
  max: number;
  last: number;
  sum: number;
  usable: number;
  count: number;
  good: number;
  coveredMs: number;
  readonly states: Map<number, number> | null;
}

function openFigures(at: number, states: Map<number, number> | null): OpenFigures {
  const none = Number.NaN;
  return { at, min: none, max: none, last: none, sum: 0, usable: 0, count: 0, good: 0, coveredMs: 0, states };
}

function cover(open: OpenFigures, value: number, ms: number): void {
  open.coveredMs += ms;
  open.states?.set(value, (open.states.get(value) ?? 0) + ms);
  if (open.usable === 0) open.min = open.max = open.last = value;
}

function count(open: OpenFigures, sample: Sample): void {
  open.count += 1;
  if (sample.quality === good) open.good += 1;
  if (!isUsable(sample.quality)) return;
  const isFirst = open.usable === 0;
  open.min = isFirst ? sample.value : Math.min(open.min, sample.value);
  open.max = isFirst ? sample.value : Math.max(open.max, sample.value);
  open.last = sample.value;
  open.sum += sample.value;
  open.usable += 1;
}

function addFigures(open: OpenFigures, figures: Figures): void {
  const isFirst = open.usable === 0;
  if (figures.usable > 0) {
    open.min = isFirst ? figures.min : Math.min(open.min, figures.min);
    open.max = isFirst ? figures.max : Math.max(open.max, figures.max);
    open.last = figures.last;
  } else if (isFirst && !Number.isNaN(figures.last)) {
    open.min = open.max = open.last = figures.last;
  }
  open.sum += figures.sum;
  open.usable += figures.usable;
  open.count += figures.count;
  open.good += figures.good;
  open.coveredMs += figures.coveredMs;
  for (const [state, ms] of figures.states ?? []) open.states?.set(state, (open.states.get(state) ?? 0) + ms);
}
