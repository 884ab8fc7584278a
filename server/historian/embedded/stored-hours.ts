import type { Range, Sample } from '../historian.ts';
import type { Connection, Work } from './connection.ts';
import { createHourRows } from './hour-rows.ts';
import { hourMs, hourOf, seriesPerShard, shardOf } from './layout.ts';
import { openShardHour, samplesOf } from './shard-hour.ts';
import { lowerBound, type SeriesHour } from './codec/hour.ts';

/** The raw readings of finished hours. */
export interface StoredHours {
  /** Ascending; the hours of a range that hold readings, or once held them. */
  within(range: Range): Work<StoredHour[]>;
  /** What is stored of one series in one hour. */
  samples(series: number, hour: number): Sample[];
  /** Adds those of the range to `found`; returns how many the hour holds. */
  addSamples(
    found: Sample[],
    asked: { readonly series: number; readonly hour: number; readonly range: Range },
  ): number;
}
export interface StoredHour {
  readonly hour: number;
  readonly isExpired: boolean;
}

const hoursPerStep = 1_000;

export function createStoredHours({ database, readable }: Connection): StoredHours {
  const nextHours = database.prepare(
    'select hour, raw from stored_hour where hour >= ? and hour < ? order by hour limit ?',
  );
  const raw = createHourRows(database, 'raw');

  function read(series: number, hour: number): SeriesHour | undefined {
    const shard = shardOf(series);
    const rows = openShardHour(raw.open(hour, shard).of);
    return readable(() => rows.read(series - shard * seriesPerShard));
  }

  return {
    *within({ from, to }) {
      const found: StoredHour[] = [];
      let hour = hourOf(from);
      for (;;) {
        const rows = nextHours.all(hour, Math.ceil(to / hourMs), hoursPerStep).map(storedHourOf);
        const last = rows.at(-1)?.hour;
        if (last === undefined) return found;
        hour = last + 1;
        for (const row of rows) found.push(row);
        yield rows.length;
      }
    },
    samples: (series, hour) => [...samplesOf(read(series, hour), hour)],
    addSamples(found, { series, hour, range }) {
      const stored = read(series, hour);
      if (stored === undefined) return 0;
      const { offset, value, quality } = stored;
      const begin = hour * hourMs;
      const end = lowerBound(offset, range.to - begin);
      for (let i = lowerBound(offset, range.from - begin); i < end; i += 1)
        found.push({ at: begin + (offset[i] ?? 0), value: value[i] ?? Number.NaN, quality: quality[i] ?? 0 });
      return offset.length;
    },
  };
}

/** By hand, as `blobOf`: of a year there are 8,760. */
function storedHourOf(row: unknown): StoredHour {
  if (
    typeof row === 'object' &&
    row !== null &&
    'hour' in row &&
    'raw' in row &&
    typeof row.hour === 'number'
  )
    return { hour: row.hour, isExpired: row.raw === 0 };
  throw new TypeError('a row is not one of a stored hour');
}
