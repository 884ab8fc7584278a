import { isUsable } from '../../../core/reading.ts';
import { bucketsOf } from '../figures.ts';
import {
  bucketStart,
  type Bucket,
  type BucketResolution,
  type PointFacts,
  type Range,
  type Sample,
} from '../historian.ts';
import type { Row } from './client.ts';
import { grouped } from './grouped.ts';
import { parseStates, type StoredBucket } from './line.ts';

/** In this order the fields of a bucket are asked for. */
export const bucketFields = ['min', 'max', 'mean', 'last', 'count', 'good', 'usable', 'covered'] as const;
/** Asked for as well where they are needed. */
export const moreFields = { sum: 'sum', states: 'states' } as const;

/** The buckets of whole hours, from the readings of those hours and of `holdMs` before. */
export async function storedBuckets(
  samples: readonly Sample[],
  asked: { readonly range: Range; readonly resolution: BucketResolution; readonly facts: PointFacts },
): Promise<StoredBucket[]> {
  const sums = new Map<number, { sum: number; usable: number }>();
  for (const { at, value, quality } of samples) {
    if (!isUsable(quality)) continue;
    const start = bucketStart(at, asked.resolution);
    const before = sums.get(start);
    if (before === undefined) sums.set(start, { sum: value, usable: 1 });
    else {
      before.sum += value;
      before.usable += 1;
    }
  }
  return (await bucketsOf(pagesOf(samples), asked)).map((bucket) => ({
    ...bucket,
    ...(sums.get(bucket.at) ?? { sum: 0, usable: 0 }),
  }));
}

async function* pagesOf(samples: readonly Sample[]): AsyncGenerator<readonly Sample[]> {
  yield Promise.resolve(samples);
}

/** One bucket [at, …) from the finer ones within it, ascending; undefined when there is none. */
function joined(at: number, parts: readonly StoredBucket[]): StoredBucket | undefined {
  const newest = parts.at(-1);
  if (newest === undefined) return undefined;
  // A bucket without usable readings has the figures of what holds into it; they count only where the whole has none.
  const read = parts.filter(({ usable }) => usable > 0);
  const held = parts.findLast(({ coveredMs }) => coveredMs > 0);
  const sum = read.reduce((total, part) => total + part.sum, 0);
  const usable = read.reduce((total, part) => total + part.usable, 0);
  const states = newest.states === null ? null : new Map<number, number>();
  for (const part of parts)
    for (const [code, ms] of part.states ?? []) states?.set(code, (states.get(code) ?? 0) + ms);
  const value = held?.last ?? null;
  return {
    at,
    min: usable > 0 ? Math.min(...read.map(({ min }) => min ?? Infinity)) : value,
    max: usable > 0 ? Math.max(...read.map(({ max }) => max ?? -Infinity)) : value,
    mean: usable > 0 ? sum / usable : value,
    last: usable > 0 ? (read.at(-1)?.last ?? null) : value,
    count: parts.reduce((total, part) => total + part.count, 0),
    good: parts.reduce((total, part) => total + part.good, 0),
    coveredMs: parts.reduce((total, part) => total + part.coveredMs, 0),
    states,
    sum,
    usable,
  };
}

/** Days of WIB from the hours within them. */
export function joinedDays(hours: readonly StoredBucket[]): StoredBucket[] {
  const days = grouped(hours, ({ at }) => bucketStart(at, '1d'));
  return [...days].flatMap(([day, parts]) => joined(day, parts) ?? []);
}

/** What an earlier reading no longer holds into is overwritten with this: single rows cannot be deleted from one policy. */
export function emptyBucket(at: number, isState: boolean): StoredBucket {
  return {
    at, min: null, max: null, mean: null, last: null, count: 0, good: 0, coveredMs: 0, states: isState ? new Map() : null, sum: 0, usable: 0,
  }; // prettier-ignore
}

/** Rows are [time, …bucketFields, …]. Figures that an earlier state of the bucket left behind are not part of it. */
export function bucketOfRow(
  row: Row,
  columns: { readonly sum?: boolean; readonly states: boolean },
): StoredBucket | undefined {
  const [at, min, max, mean, last, count, good, usable, coveredMs, ...more] = row;
  if (!isNumber(at) || !isNumber(count) || !isNumber(good) || !isNumber(usable) || !isNumber(coveredMs))
    return undefined;
  if (count === 0 && coveredMs === 0) return undefined;
  const isKnown = usable > 0 || coveredMs > 0;
  const figure = (value: unknown): number | null => (isKnown && isNumber(value) ? value : null);
  const sum = columns.sum === true ? more.shift() : 0;
  const states = columns.states ? more.shift() : undefined;
  return {
    at, min: figure(min), max: figure(max), mean: figure(mean), last: figure(last), count, good, usable, coveredMs,
    sum: isNumber(sum) && usable > 0 ? sum : 0,
    states: columns.states ? parseStates(typeof states === 'string' ? states : '') : null,
  }; // prettier-ignore
}

/** Without what only the store needs. */
export function plainBucket({ sum, usable, ...bucket }: StoredBucket): Bucket {
  void sum;
  void usable;
  return bucket;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
