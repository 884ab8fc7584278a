import { closedColumns, openColumns, setBucket } from '../columns.ts';
import { bucketOf, type Figures } from '../figures.ts';
import type { BucketColumns } from '../historian.ts';
import type { FigureTable } from './codec/figures.ts';

/** Gathers buckets in ascending time, from stored tables and from figures that are made at the moment. Both are copied. */
export interface ColumnsBuilder {
  /** The rows [from, to) of a table. */
  readonly addTable: (table: FigureTable, from: number, to: number) => void;
  readonly add: (figures: Figures) => void;
  readonly finish: () => BucketColumns;
}

type Columns = ReturnType<typeof openColumns>;

const names = ['at', 'min', 'max', 'mean', 'last', 'count', 'good', 'coveredMs'] as const;

/** `expected`: how many there will be, about. */
export function createColumnsBuilder(expected: number): ColumnsBuilder {
  let columns = openColumns(expected);
  let length = 0;
  /** Where buckets of states lie of which only the unusual ones are named. */
  const usual: { readonly from: number; to: number }[] = [];

  function makeRoom(more: number): void {
    if (length + more <= columns.at.length) return;
    const wider = openColumns(Math.max(length + more, 2 * columns.at.length));
    for (const name of names) wider[name].set(columns[name]);
    for (const [place, states] of columns.states) wider.states.set(place, states);
    columns = wider;
  }

  return {
    addTable(table, from, to) {
      makeRoom(to - from);
      copyTable(columns, length, { table, from, to });
      if (table.otherStates !== null) {
        const last = usual.at(-1);
        if (last?.to === length) last.to += to - from;
        else usual.push({ from: length, to: length + to - from });
      }
      length += to - from;
    },
    add(figures) {
      makeRoom(1);
      setBucket(columns, length, bucketOf(figures));
      length += 1;
    },
    finish() {
      return closedColumns(partOf(columns, length), (place) =>
        usual.some(({ from, to }) => place >= from && place < to),
      );
    },
  };
}

function partOf(columns: Columns, length: number): Columns {
  const { at, min, max, mean, last, count, good, coveredMs, states } = columns;
  if (length === at.length) return columns;
  return {
    at: at.subarray(0, length),
    min: min.subarray(0, length),
    max: max.subarray(0, length),
    mean: mean.subarray(0, length),
    last: last.subarray(0, length),
    count: count.subarray(0, length),
    good: good.subarray(0, length),
    coveredMs: coveredMs.subarray(0, length),
    states,
  };
}

function copyTable(
  columns: Columns,
  place: number,
  { table, from, to }: { readonly table: FigureTable; readonly from: number; readonly to: number },
): void {
  for (const name of ['at', 'min', 'max', 'last', 'count', 'good', 'coveredMs'] as const)
    columns[name].set(table[name].subarray(from, to), place);
  const { sum, usable, last, otherStates } = table;
  const { mean } = columns;
  for (let i = from; i < to; i += 1) {
    const readings = usable[i] ?? 0;
    mean[place + i - from] = readings > 0 ? (sum[i] ?? 0) / readings : (last[i] ?? Number.NaN);
  }
  for (const [i, states] of otherStates ?? [])
    if (i >= from && i < to) columns.states.set(place + i - from, states);
}
