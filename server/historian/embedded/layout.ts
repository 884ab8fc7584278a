import { dayMs, wibDay } from '../../../core/wib.ts';
import { bucketMs } from '../historian.ts';
import type { Grid } from './codec/figures.ts';

/**
 * Where readings and figures lie. The id of a row orders rows by block of time, then series: what is compacted together is written side by
 * side, so that pages are full, and what expires together is deleted side by side. Hours and days have a row a series and block; of
 * what is kept of every hour, the rows of a shard hold pieces of one pack (hour-rows.ts), which begins at its first id.
 */
export const hourMs = bucketMs['1h'];
export const minutesPerHour = 60;
/** More series than any estate has, over the years. */
export const mostSeries = 2 ** 20;
export const seriesPerShard = 256;

export function rowId(block: number, series: number): number {
  return block * mostSeries + series;
}
export function seriesOfRow(id: number): number {
  return ((id % mostSeries) + mostSeries) % mostSeries;
}
export function shardOf(series: number): number {
  return Math.floor(series / seriesPerShard);
}
/** Series by their shard. */
export function byShard(wanted: Iterable<number>): Map<number, Set<number>> {
  const shards = new Map<number, Set<number>>();
  for (const series of wanted) {
    const shard = shards.get(shardOf(series));
    if (shard === undefined) shards.set(shardOf(series), new Set([series]));
    else shard.add(series);
  }
  return shards;
}
/** The ids of a shard's rows in a block: [from, to). */
export function shardRows(block: number, shard: number): { readonly from: number; readonly to: number } {
  const from = rowId(block, shard * seriesPerShard);
  return { from, to: from + seriesPerShard };
}

/** Hours since the epoch. */
export function hourOf(at: number): number {
  return Math.floor(at / hourMs);
}
export function dayOfHour(hour: number): number {
  return wibDay(hour * hourMs);
}
/** The first hour of a WIB day; it has 24. */
export function firstHourOf(day: number): number {
  return hourOf(day * dayMs) - 7;
}
export const hoursPerDay = 24;

/** Minutes lie in rows of an hour, hours in rows of 32 WIB days, days in rows of 512: each is a few hundred bytes to a page. */
const daysPerRow = { hours: 32, days: 512 } as const;

export type DayTable = keyof typeof daysPerRow;

export function blockOfDay(table: DayTable, day: number): number {
  return Math.floor(day / daysPerRow[table]);
}
export function gridOf(table: DayTable, block: number): Grid {
  const start = firstHourOf(block * daysPerRow[table]) * hourMs;
  return { start, widthMs: table === 'hours' ? hourMs : dayMs };
}
export function minuteGrid(hour: number): Grid {
  return { start: hour * hourMs, widthMs: bucketMs['1m'] };
}
