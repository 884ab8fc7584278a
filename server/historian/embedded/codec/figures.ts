import type { Figures } from '../../figures.ts';
import { usualStates } from '../../columns.ts';
import { BitReader, BitWriter } from './bits.ts';
import { checksumBytes, verify, withChecksum } from './checksum.ts';
import { decodeDoubles, encodeDoubles, inDecimalsAndUlps, isWhole, partsOf, readForm, valuesOf, writeForm, type Form } from './doubles.ts'; // prettier-ignore
import { decodeIntegers, encodeIntegers } from './integers.ts';
import { fresh, type Scratch } from './scratch.ts';

/** Where the figures of a row lie in time: the row begins at `start`, its buckets are `widthMs` wide. */
export interface Grid {
  readonly start: number;
  readonly widthMs: number;
}

/** Figures of one series in columns, ascending in time; as in `Figures`. */
export interface FigureTable {
  readonly at: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly last: Float64Array;
  readonly sum: Float64Array;
  readonly usable: Float64Array;
  readonly count: Float64Array;
  readonly good: Float64Array;
  readonly coveredMs: Float64Array;
  /** Null of a point that is none of states. By place, of the buckets that were not in the state of `last` all the time that is covered. */
  readonly otherStates: OtherStates | null;
  /** Ms for which the last reading holds beyond the row's end; its value is the last one of the table. */
  readonly spillMs: number;
}

/** Made when they are asked for: of a year of hours hardly any are. */
export interface OtherStates {
  get(place: number): ReadonlyMap<number, number> | undefined;
}

export function figuresAt(table: FigureTable, i: number): Figures {
  return {
    at: table.at[i] ?? Number.NaN,
    min: table.min[i] ?? Number.NaN,
    max: table.max[i] ?? Number.NaN,
    last: table.last[i] ?? Number.NaN,
    sum: table.sum[i] ?? 0,
    usable: table.usable[i] ?? 0,
    count: table.count[i] ?? 0,
    good: table.good[i] ?? 0,
    coveredMs: table.coveredMs[i] ?? 0,
    states:
      table.otherStates === null
        ? null
        : (table.otherStates.get(i) ?? usualStates(table.last[i], table.coveredMs[i])),
  };
}

/** One row. Most columns are the same throughout (six readings, all good, the whole minute covered) and cost a byte each. */
export function encodeFigures(figures: readonly Figures[], grid: Grid, spillMs = 0): Uint8Array {
  const writer = new BitWriter();
  const isState = isOfStates(figures);
  writer.bits(isState ? 1 : 0, 1);
  writeCounts(writer, figures, { grid, spillMs });
  writeValues(writer, figures, fromMinimum);
  if (isState) writeStates(writer, figures);
  return withChecksum(writer.take());
}

/** Throws for a damaged row. With `scratch` the table is good until its columns are taken again. */
export function decodeFigures(blob: Uint8Array, grid: Grid, scratch = fresh): FigureTable {
  scratch.reset();
  verify(blob);
  const reader = new BitReader(blob, checksumBytes);
  const isState = reader.bits(1) === 1;
  const counts = readCounts(reader, grid, scratch);
  return tableOf(reader, { counts, isState, scratch, from: fromMinimum });
}

export function isOfStates(figures: readonly Figures[]): boolean {
  return figures[0]?.states !== null;
}

/** When the buckets are, how many readings each has, and what of it is covered. */
export interface Counts extends Pick<FigureTable, 'at' | 'usable' | 'count' | 'good' | 'coveredMs'> {
  readonly spillMs: number;
}

export function writeCounts(
  writer: BitWriter,
  figures: readonly Figures[],
  { grid, spillMs }: { readonly grid: Grid; readonly spillMs: number },
): void {
  const column = (value: (each: Figures) => number): void => encodeIntegers(writer, columnOf(figures, value));
  writer.varint(figures.length);
  writer.varint(spillMs);
  column(({ at }) => (at - grid.start) / grid.widthMs);
  column(({ count }) => count);
  column(({ count, usable }) => count - usable);
  column(({ usable, good }) => usable - good);
  column(({ coveredMs }) => grid.widthMs - coveredMs);
}

/** In a loop: `Float64Array.from` takes many times as long, and every hour of every series is written in ten columns. */
function columnOf<Item>(items: readonly Item[], value: (item: Item) => number): Float64Array {
  const column = new Float64Array(items.length);
  let place = 0;
  for (const item of items) {
    column[place] = value(item);
    place += 1;
  }
  return column;
}

export function readCounts(reader: BitReader, grid: Grid, scratch: Scratch): Counts {
  const length = reader.varint();
  const spillMs = reader.varint();
  const integers = (): Float64Array => decodeIntegers(reader, length, { scratch });
  const at = integers();
  const count = integers();
  const usable = integers();
  const good = integers();
  const coveredMs = integers();
  for (let i = 0; i < length; i += 1) {
    at[i] = grid.start + (at[i] ?? 0) * grid.widthMs;
    usable[i] = (count[i] ?? 0) - (usable[i] ?? 0);
    good[i] = (usable[i] ?? 0) - (good[i] ?? 0);
    coveredMs[i] = grid.widthMs - (coveredMs[i] ?? 0);
  }
  return { at, count, usable, good, coveredMs, spillMs };
}

/** The rest of a row whose counts are read. */
export function tableOf(
  reader: BitReader,
  given: {
    readonly counts: Counts;
    readonly isState: boolean;
    readonly scratch: Scratch;
    readonly from: Reference;
  },
): FigureTable {
  const { counts, isState, scratch, from } = given;
  const { usable, coveredMs } = counts;
  const stored = readStoredValues(reader, usable.length, scratch);
  const { min, max, last, sum } = valuesFrom(stored, usable, { scratch, from });
  const otherStates = isState ? readStates(reader) : null;
  for (let i = 0; i < usable.length; i += 1) {
    if (usable[i] === 0 && coveredMs[i] === 0) min[i] = max[i] = last[i] = Number.NaN;
  }
  return { ...counts, min, max, last, sum, otherStates };
}

/**
 * What a bucket's values are written from, in whole numbers: one of them stands for the bucket (`level`), the others are written by how
 * far they are from it or from what it lets expect. `reach` is maximum less minimum.
 */
export interface Reference {
  readonly level: (min: number, reach: number) => number;
  readonly min: (level: number, reach: number) => number;
  readonly sum: (usable: number, min: number, max: number) => number;
}

/** As rows were written at first, and those of hours and days still are. */
export const fromMinimum: Reference = {
  level: (min) => min,
  min: (level) => level,
  sum: (usable, min) => usable * min,
};

/** The middle varies less than the minimum does, and the mean lies close to it. */
export const fromMiddle: Reference = {
  level: (min, reach) => min + Math.floor(reach / 2),
  min: (level, reach) => level - Math.floor(reach / 2),
  sum: (usable, min, max) => Math.floor((usable * (min + max)) / 2),
};

export function writeValues(writer: BitWriter, figures: readonly Figures[], from: Reference): void {
  const n = figures.length;
  const values = new Float64Array(3 * n);
  let known = 0;
  figures.forEach(({ min, max, last }, i) => {
    // Where nothing is known any value will do, and the one before costs nothing.
    if (!Number.isNaN(last)) known = last;
    values[i] = Number.isNaN(last) ? known : min;
    values[n + i] = Number.isNaN(last) ? known : max;
    values[2 * n + i] = known;
  });
  const parts = partsOf(values);
  writeForm(writer, parts);
  for (const column of parts.columns) {
    const level = new Float64Array(n);
    const reach = new Float64Array(n);
    const last = new Float64Array(n);
    for (let i = 0; i < n; i += 1) {
      const min = column[i] ?? 0;
      reach[i] = (column[n + i] ?? 0) - min;
      level[i] = from.level(min, reach[i] ?? 0);
      last[i] = (column[2 * n + i] ?? 0) - (level[i] ?? 0);
    }
    encodeIntegers(writer, level);
    encodeIntegers(writer, reach);
    encodeIntegers(writer, last);
  }
  const sums = columnOf(figures, ({ sum }) => sum);
  const scaled = parts.form === 'words' ? undefined : inDecimalsAndUlps(sums, parts.decimals);
  const [wholes = new Float64Array(0)] = parts.columns;
  const beside = scaled?.[0]?.map((sum, i) => {
    const usable = figures[i]?.usable ?? 0;
    return sum - from.sum(usable, wholes[i] ?? 0, wholes[n + i] ?? 0);
  });
  const ulps = scaled?.[1];
  const isBeside = beside?.every(isWhole) === true;
  writer.bits(isBeside ? 1 : 0, 1);
  if (isBeside && beside !== undefined && ulps !== undefined) {
    encodeIntegers(writer, beside);
    encodeIntegers(writer, ulps);
  } else encodeDoubles(writer, sums);
}

/** What is written of the values: whole numbers, in columns of scratch. */
export interface StoredValues {
  readonly form: Form;
  readonly decimals: number;
  /** One, or two where the form needs two. `last` counts from the level. */
  readonly columns: readonly Readonly<Record<'level' | 'reach' | 'last', Float64Array>>[];
  /** How far the sums are from what the other columns let expect, and steps of a double beside that; or the sums themselves. */
  readonly sums:
    { readonly beside: Float64Array; readonly ulps: Float64Array } | { readonly doubles: Float64Array };
}

export function readStoredValues(reader: BitReader, length: number, scratch: Scratch): StoredValues {
  const integers = (): Float64Array => decodeIntegers(reader, length, { scratch });
  const { form, decimals } = readForm(reader);
  const columns = (form === 'decimals' ? [0] : [0, 1]).map(() => ({
    level: integers(),
    reach: integers(),
    last: integers(),
  }));
  const isBeside = reader.bits(1) === 1;
  const sums = isBeside
    ? { beside: integers(), ulps: integers() }
    : { doubles: decodeDoubles(reader, length, { scratch }) };
  return { form, decimals, columns, sums };
}

/** Writes over what was stored. */
export function valuesFrom(
  { form, decimals, columns, sums }: StoredValues,
  usable: Float64Array,
  { scratch, from }: { readonly scratch: Scratch; readonly from: Reference },
): Record<'min' | 'max' | 'last' | 'sum', Float64Array> {
  const n = usable.length;
  const wholes = columns.map(({ level: min, reach: max, last }) => {
    for (let i = 0; i < n; i += 1) {
      const level = min[i] ?? 0;
      const reach = max[i] ?? 0;
      last[i] = (last[i] ?? 0) + level;
      min[i] = from.min(level, reach);
      max[i] = (min[i] ?? 0) + reach;
    }
    return { min, max, last };
  });
  const valuesIn = (name: 'min' | 'max' | 'last'): Float64Array =>
    valuesOf({ form, decimals, columns: wholes.map((each) => each[name]) }, scratch);
  const extremes = { min: valuesIn('min'), max: valuesIn('max'), last: valuesIn('last') };
  if ('doubles' in sums) return { ...extremes, sum: sums.doubles };
  const { beside, ulps } = sums;
  const [first] = wholes;
  for (let i = 0; i < n; i += 1)
    beside[i] = (beside[i] ?? 0) + from.sum(usable[i] ?? 0, first?.min[i] ?? 0, first?.max[i] ?? 0);
  return {
    ...extremes,
    sum: valuesOf({ form: 'decimals and ulps', decimals, columns: [beside, ulps] }, scratch),
  };
}

/** Nearly always one state, that of the last reading, for all the time that is covered: only other buckets are written. */
export function writeStates(writer: BitWriter, figures: readonly Figures[]): void {
  const others = figures.flatMap(({ states, last, coveredMs }, i) => {
    const isUsual = states === null || (states.size === 0 ? coveredMs === 0 : states.size === 1 && states.get(last) === coveredMs); // prettier-ignore
    return isUsual ? [] : [{ i, states: [...states] }];
  });
  const all = others.flatMap(({ states }) => states);
  writer.varint(others.length);
  writer.varint(all.length);
  encodeIntegers(
    writer,
    columnOf(others, ({ i }) => i),
  );
  encodeIntegers(
    writer,
    columnOf(others, ({ states }) => states.length),
  );
  encodeDoubles(
    writer,
    columnOf(all, ([value]) => value),
  );
  encodeIntegers(
    writer,
    columnOf(all, ([, ms]) => ms),
  );
}

export function readStates(reader: BitReader): OtherStates {
  const others = reader.varint();
  const all = reader.varint();
  const place = decodeIntegers(reader, others);
  const size = decodeIntegers(reader, others);
  const value = decodeDoubles(reader, all);
  const ms = decodeIntegers(reader, all);
  return {
    get(wanted) {
      const other = place.indexOf(wanted);
      if (other === -1) return undefined;
      const states = new Map<number, number>();
      const begin = size.subarray(0, other).reduce((sum, each) => sum + each, 0);
      for (let i = begin; i < begin + (size[other] ?? 0); i += 1) states.set(value[i] ?? 0, ms[i] ?? 0);
      return states;
    },
  };
}
