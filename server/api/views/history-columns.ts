import type { Point } from '../../../config/model.ts';
import { describeQuality, good } from '../../../core/reading.ts';
import { iso } from '../../../core/time.ts';
import type { HistoryColumns } from '../../contracts/points.ts';
import type { Bucket, Sample } from '../../historian/historian.ts';
import type { PointHistory } from '../../historian/read.ts';

/** A third of the size of the rows, and no name is written twice. `from`: what times count from, epoch ms. */
export function historyColumnsOf(point: Point, history: PointHistory, from: number): HistoryColumns {
  const items = history.kind === 'raw' ? history.samples : history.buckets;
  return {
    point: point.id,
    unit: point.unit,
    at: items.map(({ at }) => at - from),
    raw: history.kind === 'raw' ? rawColumns(history.samples) : null,
    buckets: history.kind === 'raw' ? null : bucketColumns(history.buckets),
    next: history.nextAt === undefined ? null : iso(history.nextAt),
  };
}

function rawColumns(samples: readonly Sample[]): HistoryColumns['raw'] {
  return {
    value: samples.map(({ value }) => (Number.isNaN(value) ? null : value)),
    flawed: samples.flatMap(({ quality }, place) =>
      quality === good ? [] : [{ place, ...describeQuality(quality) }],
    ),
  };
}

function bucketColumns(buckets: readonly Bucket[]): HistoryColumns['buckets'] {
  return {
    min: buckets.map(({ min }) => min),
    max: buckets.map(({ max }) => max),
    mean: buckets.map(({ mean }) => mean),
    last: buckets.map(({ last }) => last),
    count: buckets.map(({ count }) => count),
    good: buckets.map((bucket) => bucket.good),
    coveredMs: buckets.map(({ coveredMs }) => coveredMs),
    states: buckets.every(({ states }) => states === null)
      ? null
      : buckets.map(({ states }) => statesView(states)),
  };
}

/** Code → ms in that state. */
export function statesView(states: Bucket['states']): Record<string, number> | null {
  if (states === null) return null;
  return Object.fromEntries([...states].map(([code, ms]) => [String(code), ms]));
}
