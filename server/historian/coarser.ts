import { dayMs, inWib } from '../../core/wib.ts';
import { bucketMs, type Bucket, type BucketResolution, type Range } from './historian.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Each divides a day, or is one or several of them: edges fall where people expect them, and panning does not move them. */
const widthsMs: readonly number[] = [
  ...[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * hourMs),
];

/** The beginning of the joined bucket that holds `at`, in WIB. */
export function joinedStart(at: number, widthMs: number): number {
  const offsetMs = inWib(0).getTime();
  return Math.floor((at + offsetMs) / widthMs) * widthMs - offsetMs;
}

/** The range in whole joined buckets. */
export function wholeJoined({ from, to }: Range, widthMs: number): Range {
  if (from >= to) return { from, to: from };
  return { from: joinedStart(from, widthMs), to: joinedStart(to - 1, widthMs) + widthMs };
}

/** The smallest width, in whole buckets of the tier, of which at most `count` (two or more: a range may cross an edge) cover the range. */
export function joinedWidth(range: Range, resolution: BucketResolution, count: number): number {
  const fits = (widthMs: number): boolean => {
    const { from, to } = wholeJoined(range, widthMs);
    return to - from <= count * widthMs;
  };
  const tierMs = bucketMs[resolution];
  const nice = widthsMs.find((widthMs) => widthMs % tierMs === 0 && fits(widthMs));
  if (nice !== undefined) return nice;
  let days = Math.max(1, Math.floor((range.to - range.from) / dayMs / count));
  while (!fits(days * dayMs)) days += 1;
  return days * dayMs;
}

/**
 * Joins stored buckets (ascending) to buckets of `widthMs`. Exact but for the mean, which is weighted by the time that each bucket
 * covers. Time without a bucket stays a gap: it is missing from `coveredMs`.
 */
export function coarser(buckets: readonly Bucket[], widthMs: number): Bucket[] {
  const joined: Bucket[] = [];
  let open: Bucket[] = [];
  let start = Number.NaN;
  for (const bucket of buckets) {
    const begin = joinedStart(bucket.at, widthMs);
    if (begin !== start) {
      if (open.length > 0) joined.push(join(start, open));
      open = [];
      start = begin;
    }
    open.push(bucket);
  }
  if (open.length > 0) joined.push(join(start, open));
  return joined;
}

function join(at: number, parts: readonly Bucket[]): Bucket {
  let [min, max, weighted, weights, count, good, coveredMs] = [Infinity, -Infinity, 0, 0, 0, 0, 0];
  let last: number | null = null;
  let states: Map<number, number> | null = null;
  for (const part of parts) {
    count += part.count;
    good += part.good;
    coveredMs += part.coveredMs;
    last = part.last ?? last;
    for (const [state, ms] of part.states ?? []) {
      states ??= new Map();
      states.set(state, (states.get(state) ?? 0) + ms);
    }
    if (part.states !== null) states ??= new Map();
    if (part.min === null || part.max === null || part.mean === null) continue;
    min = Math.min(min, part.min);
    max = Math.max(max, part.max);
    // A reading in the last moment of its bucket covers nothing of it, and is a reading nevertheless.
    const weight = Math.max(part.coveredMs, 1);
    weighted += part.mean * weight;
    weights += weight;
  }
  const known = weights > 0;
  return {
    at,
    min: known ? min : null,
    max: known ? max : null,
    // Rounding must not carry a mean beyond the extremes.
    mean: known ? Math.min(max, Math.max(min, weighted / weights)) : null,
    last, count, good, coveredMs, states,
  }; // prettier-ignore
}
