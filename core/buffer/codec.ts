import { deflateSync, inflateSync } from 'node:zlib';
import { decodeColumns, emptyColumns, encodeColumns, type Columns } from '../columns.ts';

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
