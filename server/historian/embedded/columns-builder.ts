import { closedColumns, openColumns } from '../columns.ts';
import { bucketOf, type Figures } from '../figures.ts';
import type { BucketColumns } from '../historian.ts';
import type { FigureTable } from './codec/figures.ts';

/** Gathers buckets in ascending time, from stored tables and from figures that are made at the moment. */
export interface ColumnsBuilder {
  /** The rows [from, to) of a table. */
  addTable(table: FigureTable, from: number, to: number): void;
  add(figures: Figures): void;
  finish(): BucketColumns;
}

type Part =
  { readonly table: FigureTable; readonly from: number; to: number } | { readonly figures: Figures[] };

export function createColumnsBuilder(): ColumnsBuilder {
  const parts: Part[] = [];
  let length = 0;
  return {
    addTable(table, from, to) {
      const last = parts.at(-1);
      length += to - from;
      if (last !== undefined && 'table' in last && last.table === table && last.to === from) last.to = to;
      else parts.push({ table, from, to });
    },
    add(figures) {
      const last = parts.at(-1);
      length += 1;
      if (last !== undefined && 'figures' in last) last.figures.push(figures);
      else parts.push({ figures: [figures] });
    },
    finish() {
      const columns = openColumns(length);
      const usual: { readonly from: number; readonly to: number }[] = [];
      let place = 0;
      for (const part of parts) {
        const from = place;
        if ('table' in part) {
          copyTable(columns, place, part);
          place += part.to - part.from;
          if (part.table.otherStates !== null) usual.push({ from, to: place });
        } else for (const figures of part.figures) setFigures(columns, place++, figures);
      }
      return closedColumns(columns, (at) => usual.some(({ from, to }) => at >= from && at < to));
    },
  };
}

function copyTable(
  columns: ReturnType<typeof openColumns>,
  place: number,
  { table, from, to }: { readonly table: FigureTable; readonly from: number; readonly to: number },
): void {
  for (const name of ['at', 'min', 'max', 'last', 'count', 'good', 'coveredMs'] as const)
    columns[name].set(table[name].subarray(from, to), place);
  const { sum, usable, last, otherStates } = table;
  for (let i = from; i < to; i += 1) {
    const readings = usable[i] ?? 0;
    columns.mean[place + i - from] = readings > 0 ? (sum[i] ?? 0) / readings : (last[i] ?? Number.NaN);
  }
  for (const [i, states] of otherStates ?? [])
    if (i >= from && i < to) columns.states.set(place + i - from, states);
}

function setFigures(columns: ReturnType<typeof openColumns>, place: number, figures: Figures): void {
  const { at, min, max, mean, last, count, good, coveredMs, states } = bucketOf(figures);
  columns.at[place] = at;
  columns.min[place] = min ?? Number.NaN;
  columns.max[place] = max ?? Number.NaN;
  columns.mean[place] = mean ?? Number.NaN;
  columns.last[place] = last ?? Number.NaN;
  columns.count[place] = count;
  columns.good[place] = good;
  columns.coveredMs[place] = coveredMs;
  columns.states.set(place, states);
}
