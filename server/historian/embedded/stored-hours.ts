import { z } from 'zod';
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

const hourRows = z.array(z.object({ hour: z.number(), raw: z.number() }));
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
        const rows = hourRows.parse(nextHours.all(hour, Math.ceil(to / hourMs), hoursPerStep));
        const last = rows.at(-1)?.hour;
        if (last === undefined) return found;
        hour = last + 1;
        for (const each of rows) found.push({ hour: each.hour, isExpired: each.raw === 0 });
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
