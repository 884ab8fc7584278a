import { bytesOf } from '../../../core/columns.ts';
import { closedColumns, openColumns, setBucket, usualStates } from '../columns.ts';
import { bucketOf, type Figures } from '../figures.ts';
import type { BucketColumns } from '../historian.ts';
import type { FigureRow } from './codec/figure-row.ts';
import type { FigureTable, OtherStates } from './codec/figures.ts';

/** Gathers buckets in ascending time, from stored rows and tables and from figures that are made at the moment. All are copied. */
export interface ColumnsBuilder {
  /** The buckets [from, to) of a row. */
  readonly addRow: (row: FigureRow, from: number, to: number) => void;
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

/**
 * Room in which the columns of one series after the other are gathered. What is kept of them is copied, and what is the same as a column
 * kept before is not kept twice: the points of a device are read together, and what does not change is its own minimum and mean.
 */
export interface Workspace {
  columns: Columns;
  before: BucketColumns | undefined;
}

export function createWorkspace(): Workspace {
  return { columns: openColumns(1_024), before: undefined };
}

/** One at a time. */
export function createColumnsBuilder(workspace: Workspace): ColumnsBuilder {
  let length = 0;
  const states: Columns['states'] = new Map();
  /** Where rows of points of states lie. */
  const rows: RowOfStates[] = [];

  function makeRoom(more: number): Columns {
    const { columns } = workspace;
    if (length + more <= columns.at.length) return columns;
    const wider = openColumns(Math.max(length + more, 2 * columns.at.length));
    for (const name of names) wider[name].set(columns[name]);
    workspace.columns = wider;
    return wider;
  }

  function addStates(others: OtherStates | null, from: number, to: number): void {
    if (others !== null) rows.push({ from: length, to: length + to - from, first: from, others });
  }

  return {
    addRow(row, from, to) {
      row.fill(makeRoom(to - from), length, { from, to });
      addStates(row.otherStates, from, to);
      length += to - from;
    },
    addTable(table, from, to) {
      copyTable(makeRoom(to - from), length, { table, from, to });
      addStates(table.otherStates, from, to);
      length += to - from;
    },
    add(figures) {
      setBucket({ ...makeRoom(1), states }, length, bucketOf(figures));
      length += 1;
    },
    finish() {
      const kept = keptOf(workspace.columns, length, workspace.before);
      const { last, coveredMs } = kept;
      workspace.before = closedColumns({ ...kept, states }, (place) => {
        const row = rows[rowAt(rows, place)];
        if (row === undefined || place >= row.to) return null;
        return row.others.get(place - row.from + row.first) ?? usualStates(last[place], coveredMs[place]);
      });
      return workspace.before;
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

function keptOf(
  columns: Columns,
  length: number,
  before: BucketColumns | undefined,
): Omit<BucketColumns, 'states'> {
  const min = columns.min.slice(0, length);
  const last = kept(columns.last.subarray(0, length), min);
  return {
    min,
    last,
    max: kept(columns.max.subarray(0, length), last),
    mean: kept(columns.mean.subarray(0, length), last),
    at: kept(columns.at.subarray(0, length), before?.at),
    count: kept(columns.count.subarray(0, length), before?.count),
    good: kept(columns.good.subarray(0, length), before?.good),
    coveredMs: kept(columns.coveredMs.subarray(0, length), before?.coveredMs),
  };
}

/** A copy, or the column that is known already where it is the same to the last bit. */
function kept<Column extends ArrayBufferView & { slice(): Column }>(
  column: Column,
  known: Column | undefined,
): Column {
  if (known !== undefined && Buffer.compare(bytesOf(known), bytesOf(column)) === 0) return known;
  return column.slice();
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
