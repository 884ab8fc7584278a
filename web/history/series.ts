import type { BucketItem, HistoryColumns, HistoryView } from '../../server/contracts/points.ts';

/** Columns for a chart; x in s since the epoch, null where there is no usable value: a line never crosses a gap. */
export interface Series {
  readonly x: readonly number[];
  readonly value: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** Raw: `good`, or why a value is not to be relied on; of a bucket whether all of its readings were good. */
  readonly quality: readonly RowQuality[];
  /** Buckets: a span around the mean. Raw: the values themselves. */
  readonly envelope: boolean;
}

/** Names of texts (`quality.…`). */
type RowQuality = string;

interface Row {
  readonly at: number;
  readonly quality: RowQuality;
  readonly value: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Raw readings further apart than this many usual steps have a gap between them. */
const gapSteps = 5;

export function toSeries(history: HistoryView): Series {
  return seriesOf(history.items.map(toRow), history.widthMs);
}

/** Of an answer in columns, whose times count from `from` (epoch ms). */
export function columnsToSeries(
  columns: HistoryColumns,
  { from, widthMs }: { readonly from: number; readonly widthMs: number | null },
): Series {
  return seriesOf(rowsOf(columns, from), widthMs);
}

function seriesOf(rows: readonly Row[], widthMs: number | null): Series {
  const step = widthMs === null ? usualStep(rows) * gapSteps : widthMs * 1.5;
  const filled: Row[] = [];
  for (const row of rows) {
    const last = filled.at(-1);
    if (last !== undefined && row.at - last.at > step) {
      filled.push({ at: last.at + 1, value: null, min: null, max: null, quality: 'no-value' });
    }
    filled.push(row);
  }
  return {
    x: filled.map((row) => row.at / 1_000),
    value: filled.map((row) => row.value),
    min: filled.map((row) => row.min),
    max: filled.map((row) => row.max),
    quality: filled.map((row) => row.quality),
    envelope: widthMs !== null,
  };
}

function toRow(item: HistoryView['items'][number]): Row {
  const at = Date.parse(item.at);
  return 'quality' in item ? rawRow(at, item) : bucketRow(at, item);
}

function rowsOf({ at, raw, buckets }: HistoryColumns, from: number): Row[] {
  if (raw !== null) {
    const flawed = new Map(raw.flawed.map((flaw) => [flaw.place, flaw]));
    return at.map((ms, place) =>
      rawRow(from + ms, {
        value: raw.value[place] ?? null,
        ...(flawed.get(place) ?? { quality: 'good', reason: null }),
      }),
    );
  }
  if (buckets === null) return [];
  const { min, max, mean, last, count, good, states } = buckets;
  return at.map((ms, place) =>
    bucketRow(from + ms, {
      min: min[place] ?? null,
      max: max[place] ?? null,
      mean: mean[place] ?? null,
      last: last[place] ?? null,
      count: count[place] ?? 0,
      good: good[place] ?? 0,
      states: states?.[place] ?? null,
    }),
  );
}

function rawRow(
  at: number,
  item: { readonly value: number | null; readonly quality: string; readonly reason: string | null },
): Row {
  const value = item.quality === 'bad' ? null : item.value;
  return { at, value, min: value, max: value, quality: item.reason ?? item.quality };
}

function bucketRow(at: number, item: Omit<BucketItem, 'at' | 'coveredMs'>): Row {
  const quality = item.good === item.count ? 'good' : item.mean === null ? 'bad' : 'partly-good';
  if (item.states !== null) {
    // The mean of two codes is no state: a bucket is drawn as what it was longest.
    const value = longest(item.states) ?? item.last;
    return { at, value, min: value, max: value, quality };
  }
  return { at, value: item.mean, min: item.min, max: item.max, quality };
}

function longest(states: Readonly<Record<string, number>>): number | undefined {
  const [code] = Object.entries(states).sort(([, a], [, b]) => b - a)[0] ?? [];
  return code === undefined ? undefined : Number(code);
}

/** Median distance of readings, ms. */
function usualStep(rows: readonly Row[]): number {
  const steps = rows.slice(1).map((row, place) => row.at - (rows[place]?.at ?? row.at));
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 60_000;
}

/** The row that holds at a time; undefined before the first. */
export function rowAt(
  series: Series,
  at: number,
): { at: number; value: number | null; min: number | null; max: number | null; quality: string } | undefined {
  let [low, high] = [0, series.x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series.x[middle] ?? Infinity) * 1_000 <= at) low = middle + 1;
    else high = middle;
  }
  const place = low - 1;
  const seconds = series.x[place];
  if (seconds === undefined) return undefined;
  return {
    at: seconds * 1_000,
    value: series.value[place] ?? null,
    min: series.min[place] ?? null,
    max: series.max[place] ?? null,
    quality: series.quality[place] ?? 'no-value',
  };
}
