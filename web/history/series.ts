import type { HistoryView } from '../../server/contracts/points.ts';

/** Columns for a chart; x in s since the epoch, null where there is no usable value: a line never crosses a gap. */
export interface Series {
  readonly x: readonly number[];
  readonly value: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** Buckets: a span around the mean. Raw: the values themselves. */
  readonly envelope: boolean;
}

interface Row {
  readonly at: number;
  readonly value: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Raw readings further apart than this many usual steps have a gap between them. */
const gapSteps = 5;

export function toSeries(history: HistoryView): Series {
  const rows = history.items.map(toRow);
  const step = history.widthMs === null ? usualStep(rows) * gapSteps : history.widthMs * 1.5;
  const filled: Row[] = [];
  for (const row of rows) {
    const last = filled.at(-1);
    if (last !== undefined && row.at - last.at > step) {
      filled.push({ at: last.at + 1, value: null, min: null, max: null });
    }
    filled.push(row);
  }
  return {
    x: filled.map((row) => row.at / 1_000),
    value: filled.map((row) => row.value),
    min: filled.map((row) => row.min),
    max: filled.map((row) => row.max),
    envelope: history.widthMs !== null,
  };
}

function toRow(item: HistoryView['items'][number]): Row {
  const at = Date.parse(item.at);
  if ('quality' in item) {
    const value = item.quality === 'bad' ? null : item.value;
    return { at, value, min: value, max: value };
  }
  return { at, value: item.mean, min: item.min, max: item.max };
}

/** Median distance of readings, ms. */
function usualStep(rows: readonly Row[]): number {
  const steps = rows.slice(1).map((row, place) => row.at - (rows[place]?.at ?? row.at));
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 60_000;
}
