import type { Point } from '../../../config/model.ts';
import { describeQuality, good } from '../../../core/reading.ts';
import { iso } from '../../../core/time.ts';
import type { HistoryColumns } from '../../contracts/points.ts';
import type { Bucket, SampleColumns } from '../../historian/historian.ts';
import type { PointHistory } from '../../historian/read.ts';

/** A third of the size of the rows, and no name is written twice. `from`: what times count from, epoch ms. */
export function historyColumnsOf(point: Point, history: PointHistory, from: number): HistoryColumns {
  const isRaw = history.kind === 'raw';
  return {
    point: point.id,
    unit: point.unit,
    at: isRaw
      ? Array.from(history.readings.at, (at) => at - from)
      : history.buckets.map(({ at }) => at - from),
    raw: isRaw ? rawColumns(history.readings) : null,
    buckets: isRaw ? null : bucketColumns(history.buckets),
    next: history.nextAt === undefined ? null : iso(history.nextAt),
  };
}

function rawColumns({ value, quality }: SampleColumns): HistoryColumns['raw'] {
  return {
    value: Array.from(value, (each) => (Number.isNaN(each) ? null : each)),
    flawed: [...quality].flatMap((each, place) =>
      each === good ? [] : [{ place, ...describeQuality(each) }],
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
