import { deflateSync, inflateSync } from 'node:zlib';
import { type Columns, decodeColumns, emptyColumns, encodeColumns } from '../columns.ts';
import { z } from 'zod';
import type { NamedReading } from '../reading.ts';
import { type Database, pointRows } from './schema.ts';

/**
 * Columns for the disk, sorted by series and time, with series and time stored as differences between neighbours: those are
 * small and compress well. Values stay whole doubles, because readings with few decimals repeat. zlib's checksum detects damage.
 */
export function encodeBatch(columns: Columns): Uint8Array {
  const order = Uint32Array.from(columns.at.keys()).sort(
    (a, b) =>
      (columns.series[a] ?? 0) - (columns.series[b] ?? 0) || (columns.at[a] ?? 0) - (columns.at[b] ?? 0),
  );
  const sorted = emptyColumns(order.length);
  let series = 0;
  let at = 0;
  order.forEach((place, index) => {
    sorted.value[index] = columns.value[place] ?? Number.NaN;
    sorted.quality[index] = columns.quality[place] ?? 0;
    sorted.series[index] = (columns.series[place] ?? 0) - series;
    sorted.at[index] = (columns.at[place] ?? 0) - at;
    series = columns.series[place] ?? 0;
    at = columns.at[place] ?? 0;
  });
  return deflateSync(encodeColumns(sorted));
}

/** Throws on a damaged blob. */
export function decodeBatch(blob: Uint8Array): Columns {
  const columns = decodeColumns(inflateSync(blob));
  for (let index = 1; index < columns.at.length; index += 1) {
    columns.series[index] = (columns.series[index] ?? 0) + (columns.series[index - 1] ?? 0);
    columns.at[index] = (columns.at[index] ?? 0) + (columns.at[index - 1] ?? 0);
  }
  return columns;
}

export function joinColumns(parts: readonly Columns[]): Columns {
  const joined = emptyColumns(parts.reduce((sum, part) => sum + part.at.length, 0));
  let from = 0;
  for (const part of parts) {
    joined.value.set(part.value, from);
    joined.at.set(part.at, from);
    joined.series.set(part.series, from);
    joined.quality.set(part.quality, from);
    from += part.at.length;
  }
  return joined;
}

/** Readings [from, to). */
export function partOf(columns: Columns, from: number, to: number): Columns {
  return {
    value: columns.value.slice(from, to),
    at: columns.at.slice(from, to),
    series: columns.series.slice(from, to),
    quality: columns.quality.slice(from, to),
  };
}

/** Earliest and latest time. */
export function spanOf(at: Float64Array): { from: number; to: number } {
  let from = Infinity;
  let to = -Infinity;
  for (const time of at) {
    from = Math.min(from, time);
    to = Math.max(to, time);
  }
  return { from, to };
}

/** Readings as columns of one length: a tenth of the memory of objects, and cheap to hand to another thread. */
export const packSchema = z.object({
  points: z.array(z.string()),
  at: z.instanceof(Float64Array),
  value: z.instanceof(Float64Array),
  quality: z.instanceof(Uint8Array),
});
export type Pack = z.infer<typeof packSchema>;

export function pack(readings: readonly NamedReading[]): Pack {
  const packed = emptyPack(readings.length);
  readings.forEach(({ point, at, value, quality }, index) => {
    packed.points.push(point);
    packed.at[index] = at;
    packed.value[index] = value;
    packed.quality[index] = quality;
  });
  return packed;
}

export function unpack({ points, at, value, quality }: Pack): NamedReading[] {
  return points.map((point, index) => ({
    point,
    at: at[index] ?? Number.NaN,
    value: value[index] ?? Number.NaN,
    quality: quality[index] ?? 0,
  }));
}

/**
 * Adds readings at the end, in place as long as there is room; room is doubled, so that adding costs what is added. `old` is not used
 * afterwards.
 */
export function extendPack(old: Pack, readings: readonly NamedReading[]): Pack {
  const before = old.at.length;
  const extended = withRoom(old, before + readings.length);
  for (let index = 0; index < readings.length; index += 1) {
    const reading = readings[index];
    if (reading === undefined) continue;
    extended.points.push(reading.point);
    extended.at[before + index] = reading.at;
    extended.value[before + index] = reading.value;
    extended.quality[before + index] = reading.quality;
  }
  return extended;
}

function withRoom({ points, at, value, quality }: Pack, length: number): Pack {
  if (quality.buffer.byteLength >= length)
    return {
      points,
      at: new Float64Array(at.buffer, 0, length),
      value: new Float64Array(value.buffer, 0, length),
      quality: new Uint8Array(quality.buffer, 0, length),
    };
  const roomy = emptyPack(Math.max(length, 2 * quality.length));
  roomy.at.set(at);
  roomy.value.set(value);
  roomy.quality.set(quality);
  return withRoom({ ...roomy, points }, length);
}

/** Readings [from, to). */
export function partOfPack({ points, at, value, quality }: Pack, from: number, to: number): Pack {
  return {
    points: points.slice(from, to),
    at: at.slice(from, to),
    value: value.slice(from, to),
    quality: quality.slice(from, to),
  };
}

function emptyPack(length: number): Pack {
  return {
    points: [],
    at: new Float64Array(length),
    value: new Float64Array(length),
    quality: new Uint8Array(length),
  };
}

/** Point ids ↔ the numbers that a file uses for them. The model's own indices change with the configuration. */
export interface Dictionary {
  /** Gives numbers to new names; call it inside a transaction. */
  toColumns(readings: readonly NamedReading[]): Columns;
  /** Throws on an unknown number. */
  toReadings(columns: Columns): NamedReading[];
  /** Call it after a rollback. */
  reload(): void;
}

export function createDictionary(database: Database): Dictionary {
  const select = database.prepare('select id, name from point order by id');
  const insert = database.prepare('insert into point (id, name) values (?, ?)');
  let names: string[] = [];
  let numbers = new Map<string, number>();

  function reload(): void {
    const rows = pointRows.parse(select.all());
    names = rows.map(({ name }) => name);
    numbers = new Map(names.map((name, id) => [name, id]));
  }

  function numberOf(name: string): number {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const id = names.length;
    insert.run(id, name);
    names.push(name);
    numbers.set(name, id);
    return id;
  }

  reload();
  return {
    toColumns(readings) {
      const columns = emptyColumns(readings.length);
      readings.forEach((reading, index) => {
        columns.series[index] = numberOf(reading.point);
        columns.at[index] = Math.round(reading.at);
        columns.value[index] = reading.value;
        columns.quality[index] = reading.quality;
      });
      return columns;
    },
    toReadings: ({ series, at, value, quality }) =>
      Array.from(at, (time, index) => {
        const point = names[series[index] ?? -1];
        if (point === undefined) throw new Error(`the file has no point with the number ${series[index]}`);
        return { point, at: time, value: value[index] ?? Number.NaN, quality: quality[index] ?? 0 };
      }),
    reload,
  };
}
