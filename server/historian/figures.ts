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
  const { range, resolution, facts } = asked;
  const buckets: Bucket[] = [];
  let open: OpenBucket | undefined;
  let previous: Sample | undefined;

  function bucketAt(at: number): OpenBucket {
    const begin = bucketStart(at, resolution);
    if (open?.at === begin) return open;
    if (open !== undefined) buckets.push(closed(open));
    open = opened(begin, facts);
    return open;
  }

  /** Counts the time for which the previous sample holds. */
  function hold(until: number): void {
    if (previous === undefined || !isUsable(previous.quality)) return;
    const end = Math.min(until, previous.at + facts.holdMs, range.to);
    let at = Math.max(previous.at, range.from);
    while (at < end) {
      const bucket = bucketAt(at);
      const next = Math.min(end, bucket.at + bucketMs[resolution]);
      cover(bucket, previous.value, next - at);
      at = next;
    }
  }

  return {
    add(sample) {
      hold(sample.at);
      previous = sample;
      if (sample.at >= range.from && sample.at < range.to) count(bucketAt(sample.at), sample);
    },
    finish(until = Infinity) {
      hold(until);
      previous = undefined;
      if (open !== undefined) buckets.push(closed(open));
      open = undefined;
      return buckets;
    },
  };
}

interface OpenBucket {
  readonly at: number;
  min: number;
  max: number;
  sum: number;
  last: number;
  usable: number;
  count: number;
  good: number;
  coveredMs: number;
  /** The value that holds into a bucket without a usable reading. */
  held: number;
  readonly states: Map<number, number> | null;
}

function opened(at: number, { isState }: PointFacts): OpenBucket {
  const states = isState ? new Map<number, number>() : null;
  return {
    at, min: Infinity, max: -Infinity, sum: 0, last: Number.NaN, usable: 0, count: 0, good: 0, coveredMs: 0, held: Number.NaN, states,
  }; // prettier-ignore
}

function cover(bucket: OpenBucket, value: number, ms: number): void {
  bucket.coveredMs += ms;
  bucket.held = value;
  bucket.states?.set(value, (bucket.states.get(value) ?? 0) + ms);
}

function count(bucket: OpenBucket, sample: Sample): void {
  bucket.count += 1;
  if (sample.quality === good) bucket.good += 1;
  if (!isUsable(sample.quality)) return;
  bucket.usable += 1;
  bucket.sum += sample.value;
  bucket.last = sample.value;
  bucket.min = Math.min(bucket.min, sample.value);
  bucket.max = Math.max(bucket.max, sample.value);
}

function closed(bucket: OpenBucket): Bucket {
  const { at, min, max, sum, last, usable, held, coveredMs, states } = bucket;
  const counts = { count: bucket.count, good: bucket.good, coveredMs, states };
  if (usable > 0) return { at, min, max, mean: sum / usable, last, ...counts };
  const value = Number.isNaN(held) ? null : held;
  return { at, min: value, max: value, mean: value, last: value, ...counts };
}
