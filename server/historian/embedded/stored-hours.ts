import type { Range, Sample } from '../historian.ts';
import type { SampleColumnsBuilder } from '../sample-columns.ts';
import type { Connection, Work } from './connection.ts';
import { createHourRows } from './hour-rows.ts';
import {
  blockOfDay,
  dayOfHour,
  gridOf,
  hourMs,
  hourOf,
  seriesPerShard,
  shardOf,
  type DayTable,
} from './layout.ts';
import { columnsOf, openShardHour, samplesOf } from './shard-hour.ts';
import { lowerBound, type SeriesHour } from './codec/hour.ts';

/** The raw readings of finished hours. */
export interface StoredHours {
  /** Ascending; the hours of a range that hold readings, or once held them. */
  within(range: Range): Work<number[]>;
  /** Ascending; the blocks of a table in which days of these hours may be, also one into which the last reading before holds. */
  blocksWithin(table: DayTable, range: Range): Work<number[]>;
  /** Whether its readings are gone, so that its figures are all that is left. */
  isExpired(hour: number): boolean;
  /** What is stored of one series in one hour. */
  samples(series: number, hour: number): Sample[];
  /** Adds those of the range to `found`; returns how many the hour holds. */
  addSamples(
    found: SampleColumnsBuilder,
    asked: { readonly series: number; readonly hour: number; readonly range: Range },
  ): number;
}
const hoursPerStep = 1_000;

export function createStoredHours({ database, readable }: Connection): StoredHours {
  const nextHours = database.prepare(
    'select hour from stored_hour where hour >= ? and hour < ? order by hour limit ?',
  );
  const expired = database.prepare('select hour from stored_hour where hour = ? and raw = 0');
  const raw = createHourRows(database, 'raw');

  function read(series: number, hour: number): SeriesHour | undefined {
    const shard = shardOf(series);
    const rows = openShardHour(raw.open(hour, shard).of);
    return readable(() => rows.read(series - shard * seriesPerShard));
  }

  return {
    *within({ from, to }) {
      const found: number[] = [];
      let hour = hourOf(from);
      for (;;) {
        const hours = nextHours.all(hour, Math.ceil(to / hourMs), hoursPerStep).map(hourIn);
        const last = hours.at(-1);
        if (last === undefined) return found;
        hour = last + 1;
        for (const each of hours) found.push(each);
        yield hours.length;
      }
    },
    *blocksWithin(table, { from, to }) {
      const found = new Set<number>();
      let hour = hourOf(from);
      for (;;) {
        // The first hour of each block tells that there is one; the others are passed over.
        const [next] = nextHours.all(hour, Math.ceil(to / hourMs), 1).map(hourIn);
        if (next === undefined) return [...found];
        const block = blockOfDay(table, dayOfHour(next));
        found.add(block).add(block + 1);
        hour = hourOf(gridOf(table, block + 1).start);
        yield 20;
      }
    },
    isExpired: (hour) => expired.get(hour) !== undefined,
    samples: (series, hour) => [...samplesOf(read(series, hour), hour)],
    addSamples(found, { series, hour, range }) {
      const stored = read(series, hour);
      if (stored === undefined) return 0;
      const { offset } = stored;
      const begin = hour * hourMs;
      const from = lowerBound(offset, range.from - begin);
      found.add(columnsOf(stored), { begin, from, to: lowerBound(offset, range.to - begin) });
      return offset.length;
    },
  };
}

/** By hand, as `blobOf`: of a year there are 8,760. */
function hourIn(row: unknown): number {
  if (typeof row === 'object' && row !== null && 'hour' in row && typeof row.hour === 'number')
    return row.hour;
  throw new TypeError('a row is not one of a stored hour');
}
