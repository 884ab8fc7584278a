import { dayMs, inWib } from '../../core/wib.ts';
import { bucketMs, type Bucket, type BucketColumns, type BucketResolution, type Range } from './historian.ts';

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
export function coarser(columns: BucketColumns, widthMs: number): Bucket[] {
  const { at } = columns;
  const joined: Bucket[] = [];
  for (let from = 0; from < at.length;) {
    const begin = joinedStart(at[from] ?? 0, widthMs);
    let to = from + 1;
    while (to < at.length && (at[to] ?? 0) < begin + widthMs) to += 1;
    joined.push(join(columns, { at: begin, from, to }));
    from = to;
  }
  return joined;
}

/** Of the places [from, to). */
function join(columns: BucketColumns, { at, from, to }: { at: number; from: number; to: number }): Bucket {
  let [min, max, weighted, weights, count, good, coveredMs] = [Infinity, -Infinity, 0, 0, 0, 0, 0];
  let last: number | null = null;
  let states: Map<number, number> | null = null;
  for (let i = from; i < to; i += 1) {
    const covered = columns.coveredMs[i] ?? 0;
    count += columns.count[i] ?? 0;
    good += columns.good[i] ?? 0;
    coveredMs += covered;
    const own = columns.states(i);
    for (const [state, ms] of own ?? []) {
      states ??= new Map();
      states.set(state, (states.get(state) ?? 0) + ms);
    }
    if (own !== null) states ??= new Map();
    const mean = columns.mean[i] ?? Number.NaN;
    if (Number.isNaN(mean)) continue;
    last = columns.last[i] ?? last;
    min = Math.min(min, columns.min[i] ?? Infinity);
    max = Math.max(max, columns.max[i] ?? -Infinity);
    // A reading in the last moment of its bucket covers nothing of it, and is a reading nevertheless.
    const weight = Math.max(covered, 1);
    weighted += mean * weight;
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
