import { coarser, wholeJoined } from './coarser.ts';
import { bucketsIn } from './columns.ts';
import {
  bucketMs,
  bucketStart,
  type Bucket,
  type BucketResolution,
  type Historian,
  type Range,
  type SampleColumns,
} from './historian.ts';
import { firstOf, noSamples } from './sample-columns.ts';

/** Stored buckets that are in memory at once. */
const bucketsAtOnce = 50_000;

/** Points whose raw readings are in memory at once, in columns. */
const rawAtOnce = 20;

export interface ReadOptions {
  readonly points: readonly string[];
  readonly range: Range;
  readonly resolution: 'raw' | BucketResolution;
  /** Stored buckets are joined to ones of this width. */
  readonly widthMs?: number | undefined;
  /** Items of one point in this answer. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one point was. */
export type PointHistory = { readonly point: string; readonly nextAt: number | undefined } & (
  | { readonly kind: 'raw'; readonly readings: SampleColumns }
  | { readonly kind: 'buckets'; readonly buckets: readonly Bucket[] }
);

/**
 * The history of the points, one after the other in the given order, with bounded memory: many short ones are read together, a long
 * one in parts. `nextAt`: where to go on when the limit cut the range.
 */
export async function* readHistories(
  historian: Historian,
  options: ReadOptions,
): AsyncGenerator<PointHistory> {
  const { resolution } = options;
  if (resolution === 'raw') {
    yield* rawOfAll(historian, options);
    return;
  }
  yield* bucketsOfAll(historian, { ...options, resolution });
}

/** The same without an end at the limit: a point comes in as many parts as it needs, each of at most `limit` items. */
export async function* readWholeHistories(
  historian: Historian,
  options: ReadOptions,
): AsyncGenerator<PointHistory> {
  for await (const first of readHistories(historian, options)) {
    let part = first;
    yield part;
    while (part.nextAt !== undefined) {
      const range = { from: part.nextAt, to: options.range.to };
      const [next] = await collected(readHistories(historian, { ...options, points: [part.point], range }));
      if (next === undefined) return;
      part = next;
      yield part;
    }
  }
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* rawOfAll(
  historian: Historian,
  { points, range, limit, signal }: ReadOptions,
): AsyncGenerator<PointHistory> {
  for (let first = 0; first < points.length; first += rawAtOnce) {
    const together = points.slice(first, first + rawAtOnce);
    const found = await historian.rawColumns(together, range, limit + 1, signal);
    for (const point of together) {
      const columns = found.get(point) ?? noSamples;
      yield { kind: 'raw', point, readings: firstOf(columns, limit), nextAt: columns.at[limit] };
    }
  }
}

async function* bucketsOfAll(
  historian: Historian,
  options: ReadOptions & { readonly resolution: BucketResolution },
): AsyncGenerator<PointHistory> {
  const { points, resolution, widthMs = bucketMs[resolution], limit, signal } = options;
  const isJoined = options.widthMs !== undefined;
  const whole = isJoined ? wholeJoined(options.range, widthMs) : options.range;
  // Cut before the store is asked, so that a year of minutes is never read at once.
  const cut = (isJoined ? whole.from : bucketStart(whole.from, resolution)) + limit * widthMs;
  const nextAt = cut < whole.to ? cut : undefined;
  const range = { from: whole.from, to: Math.min(whole.to, cut) };
  const storedPerPoint = Math.max(1, Math.ceil((range.to - range.from) / bucketMs[resolution]));
  const group = Math.max(1, Math.floor(bucketsAtOnce / storedPerPoint));
  for (let first = 0; first < points.length; first += group) {
    const together = points.slice(first, first + group);
    const found = new Map<string, Bucket[]>();
    for (const part of partsOf(range, { widthMs, tierMs: bucketMs[resolution] })) {
      signal?.throwIfAborted();
      for (const [point, columns] of await historian.columns(together, part, resolution, signal)) {
        const items = isJoined ? coarser(columns, widthMs) : bucketsIn(columns);
        const before = found.get(point);
        if (before === undefined) found.set(point, items);
        else for (const item of items) before.push(item);
      }
    }
    for (const point of together) yield { kind: 'buckets', point, buckets: found.get(point) ?? [], nextAt };
  }
}

/** Parts of whole joined buckets, each of few enough stored ones. */
function* partsOf(
  { from, to }: Range,
  { widthMs, tierMs }: { readonly widthMs: number; readonly tierMs: number },
): Generator<Range> {
  const partMs = Math.max(1, Math.floor((bucketsAtOnce * tierMs) / widthMs)) * widthMs;
  for (let at = from; at < to; at += partMs) yield { from: at, to: Math.min(to, at + partMs) };
}
