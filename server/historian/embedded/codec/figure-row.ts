import type { BucketColumns } from '../../historian.ts';
import { BitReader } from './bits.ts';
import { checksumBytes, verify } from './checksum.ts';
import { isAllZero } from './doubles.ts';
import {
  fromMinimum, readCounts, readStates, readStoredValues, valuesFrom, type Counts, type Grid, type OtherStates,
} from './figures.ts'; // prettier-ignore
import { fresh, type Scratch } from './scratch.ts';

/** A row of hours or days whose buckets go straight to the columns of an answer. */
export interface FigureRow {
  readonly at: Float64Array;
  /** Writes the buckets [from, to) of the row to `place` and after. */
  readonly fill: Fill;
  readonly otherStates: OtherStates | null;
}
type Columns = Omit<BucketColumns, 'states'>;
type Fill = (columns: Columns, place: number, part: { readonly from: number; readonly to: number }) => void;

/**
 * Of a year of hours of a hundred points there are a thousand rows, and a table between row and answer would cost as much again. Throws for
 * a damaged row. Good until the columns of `scratch` are taken again.
 */
export function openFigureRow(
  blob: Uint8Array,
  { grid, scratch, known }: { readonly grid: Grid; readonly scratch: Scratch; readonly known: KnownCounts },
): FigureRow {
  scratch.reset();
  verify(blob);
  const reader = new BitReader(blob, checksumBytes);
  const isState = reader.bits(1) === 1;
  const counts = known.read(blob, reader, grid);
  const fillValues = readValues(reader, counts, scratch);
  return {
    at: counts.at,
    otherStates: isState ? readStates(reader) : null,
    fill(columns, place, part) {
      for (const name of ['at', 'count', 'good', 'coveredMs'] as const)
        columns[name].set(counts[name].subarray(part.from, part.to), place);
      fillValues(columns, place, part);
    },
  };
}

function readValues(reader: BitReader, { usable, coveredMs }: Counts, scratch: Scratch): Fill {
  const stored = readStoredValues(reader, usable.length, scratch);
  const [only] = stored.columns;
  const isKnown = (i: number): boolean => usable[i] !== 0 || coveredMs[i] !== 0;
  if (stored.form === 'decimals' && only !== undefined && 'beside' in stored.sums && isAllZero(stored.sums.ulps)) {
    const { level, reach, last } = only;
    const { beside } = stored.sums;
    const scale = 10 ** stored.decimals;
    return (columns, place, { from, to }) => {
      const { min, max, mean, last: lasts } = columns;
      for (let i = from, p = place; i < to; i += 1, p += 1) {
        const low = level[i] ?? 0;
        const readings = usable[i] ?? 0;
        const newest = isKnown(i) ? ((last[i] ?? 0) + low) / scale : Number.NaN;
        lasts[p] = newest;
        min[p] = isKnown(i) ? low / scale : Number.NaN;
        max[p] = isKnown(i) ? (low + (reach[i] ?? 0)) / scale : Number.NaN;
        mean[p] = readings > 0 ? ((beside[i] ?? 0) + readings * low) / scale / readings : newest;
      }
    };
  }
  const values = valuesFrom(stored, usable, { scratch, from: fromMinimum });
  return ({ min, max, mean, last }, place, { from, to }) => {
    for (let i = from, p = place; i < to; i += 1, p += 1) {
      const readings = usable[i] ?? 0;
      const newest = isKnown(i) ? (values.last[i] ?? Number.NaN) : Number.NaN;
      last[p] = newest;
      min[p] = isKnown(i) ? (values.min[i] ?? Number.NaN) : Number.NaN;
      max[p] = isKnown(i) ? (values.max[i] ?? Number.NaN) : Number.NaN;
      mean[p] = readings > 0 ? (values.sum[i] ?? 0) / readings : newest;
    }
  };
} // prettier-ignore

/** The counts of rows that begin with the same bits are decoded once: devices are read together, and rarely lose a reading. */
export interface KnownCounts {
  /** The reader stands where the counts begin, and stands where they end afterwards. Throws for a damaged row. */
  read(blob: Uint8Array, reader: BitReader, grid: Grid): Counts;
}

/** Of one time: series lie beside those of their device. */
const mostKnown = 4;

export function createKnownCounts(): KnownCounts {
  const byStart = new Map<number, { readonly blob: Uint8Array; readonly end: number; readonly counts: Counts }[]>();
  return {
    read(blob, reader, grid) {
      const begin = reader.position;
      const known = byStart.get(grid.start) ?? [];
      byStart.set(grid.start, known);
      const same = known.find((each) => areAlike(each.blob, blob, { begin, end: each.end }));
      if (same !== undefined) {
        reader.moveTo(same.end);
        return same.counts;
      }
      const counts = readCounts(reader, grid, fresh);
      known.unshift({ blob, end: reader.position, counts });
      if (known.length > mostKnown) known.pop();
      return counts;
    },
  };
} // prettier-ignore

/** Whether two blobs hold the same bits in [begin, end). */
function areAlike(
  a: Uint8Array,
  b: Uint8Array,
  { begin, end }: { readonly begin: number; readonly end: number },
): boolean {
  if (b.length * 8 < end) return false;
  for (let at = begin >>> 3; at * 8 < end; at += 1) {
    const first = 0xff >>> Math.max(0, begin - at * 8);
    const last = 0xff << Math.max(0, (at + 1) * 8 - end);
    if ((((a[at] ?? 0) ^ (b[at] ?? 0)) & first & last) !== 0) return false;
  }
  return true;
}
