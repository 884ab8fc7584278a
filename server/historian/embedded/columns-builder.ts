import { closedColumns, openColumns, setBucket, usualStates } from '../columns.ts';
import { bucketOf, type Figures } from '../figures.ts';
import type { BucketColumns } from '../historian.ts';
import type { FigureTable, OtherStates } from './codec/figures.ts';

/** Gathers buckets in ascending time, from stored tables and from figures that are made at the moment. Both are copied. */
export interface ColumnsBuilder {
  /** The rows [from, to) of a table. */
  readonly addTable: (table: FigureTable, from: number, to: number) => void;
  readonly add: (figures: Figures) => void;
  readonly finish: () => BucketColumns;
}

interface RowOfStates {
  /** The buckets [from, to). */
  readonly from: number;
  readonly to: number;
  /** The place in the row of the first of them. */
  readonly first: number;
  readonly others: OtherStates;
}

type Columns = ReturnType<typeof openColumns>;

const names = ['at', 'min', 'max', 'mean', 'last', 'count', 'good', 'coveredMs'] as const;

/** `expected`: how many there will be, about. */
export function createColumnsBuilder(expected: number): ColumnsBuilder {
  let columns = openColumns(expected);
  let length = 0;
  /** Where rows of points of states lie. */
  const rows: RowOfStates[] = [];

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
      const { otherStates: others } = table;
      if (others !== null) rows.push({ from: length, to: length + to - from, first: from, others });
      length += to - from;
    },
    add(figures) {
      makeRoom(1);
      setBucket(columns, length, bucketOf(figures));
      length += 1;
    },
    finish() {
      const { last, coveredMs } = columns;
      return closedColumns(partOf(columns, length), (place) => {
        const row = rows[rowAt(rows, place)];
        if (row === undefined || place >= row.to) return null;
        return row.others.get(place - row.from + row.first) ?? usualStates(last[place], coveredMs[place]);
      });
    },
  };
}

/** The place of the last row that begins at or before `place`; they are ascending. */
function rowAt(rows: readonly RowOfStates[], place: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.from ?? Infinity) <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
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
  const { sum, usable, last } = table;
  const { mean } = columns;
  for (let i = from; i < to; i += 1) {
    const readings = usable[i] ?? 0;
    mean[place + i - from] = readings > 0 ? (sum[i] ?? 0) / readings : (last[i] ?? Number.NaN);
  }
}
