import { z } from 'zod';
import { bucketOf, createRollUp, type Figures } from '../figures.ts';
import {
  bucketMs,
  type Bucket,
  type BucketResolution,
  type PointFacts,
  type Range,
  type Sample,
} from '../historian.ts';
import { decodeFigures, figuresAt, type FigureTable, type Grid } from './codec/figures.ts';
import type { Connection, Work } from './connection.ts';
import {
  blockOfDay, dayOfHour, firstHourOf, gridOf, hourMs, hourOf, minuteGrid, rowId, shardOf,
} from './layout.ts'; // prettier-ignore
import { createBlobRows, type BlobRows } from './rows.ts';
import { minutesIn } from './settlement.ts';
import { minutesOf } from './shard-hour.ts';
import { mergeByTime } from './merge.ts';
import type { StoredHour, StoredHours } from './stored-hours.ts';

interface AskedBuckets {
  readonly series: number;
  /** Whole buckets. */
  readonly range: Range;
  readonly resolution: BucketResolution;
  readonly facts: PointFacts;
  /** Of the range and the hour before it. */
  readonly hours: readonly StoredHour[];
  /** What is not compacted yet of these. */
  readonly loose: readonly Sample[];
}

/**
 * Buckets from where they are kept: a settled day from its hours or days, else from its minutes; the minutes of hours that hold readings
 * which are not compacted yet from all their readings. Whichever it is, the figures are the same.
 */
export interface StoredBuckets {
  of(asked: AskedBuckets): Work<Bucket[]>;
}

const unsettledRows = z.array(z.object({ day: z.number() }));

export function createStoredBuckets(connection: Connection, stored: StoredHours): StoredBuckets {
  const { database, readable } = connection;
  const unsettled = database.prepare('select day from unsettled where shard = ?');
  const minuteRows = createBlobRows(database, 'minutes');
  const wideRows = { hours: createBlobRows(database, 'hours'), days: createBlobRows(database, 'days') };

  function tableIn(rows: BlobRows, id: number, grid: Grid): FigureTable | undefined {
    const blob = rows.get(id);
    return blob === undefined ? undefined : readable(() => decodeFigures(blob, grid));
  }
  const minuteTable = (series: number, hour: number): FigureTable | undefined =>
    tableIn(minuteRows, rowId(hour, series), minuteGrid(hour));

  /** Read once for an answer: what is settled meanwhile has the same figures in its minutes. */
  function unsettledDays(series: number): ReadonlySet<number> {
    return new Set(unsettledRows.parse(unsettled.all(shardOf(series))).map(({ day }) => day));
  }

  /** The minutes of hours in ascending order. */
  function* minutes(
    asked: AskedBuckets,
    hours: readonly number[],
    give: (figures: Figures) => void,
  ): Work<void> {
    const { series, facts } = asked;
    const loose = byHour(asked);
    for (const hour of hours) {
      const late = loose.get(hour);
      const lateBefore = loose.get(hour - 1);
      if (late === undefined && lateBefore === undefined) {
        const table = minuteTable(series, hour);
        const before = table === undefined ? minuteTable(series, hour - 1) : undefined;
        for (const figures of minutesIn(hour, table, before)) give(figures);
        yield 200;
      } else {
        const before = mergeByTime(stored.samples(series, hour - 1), lateBefore ?? []).at(-1);
        const samples = mergeByTime(stored.samples(series, hour), late ?? []);
        for (const figures of minutesOf(samples, { hour, before, facts }).figures) give(figures);
        yield 200 + 4 * samples.length;
      }
    }
  }

  function* ofMinutes(asked: AskedBuckets): Work<Bucket[]> {
    const buckets: Bucket[] = [];
    const { from, to } = asked.range;
    yield* minutes(asked, hoursOf(asked), (figures) => {
      if (figures.at >= from && figures.at < to) buckets.push(bucketOf(figures));
    });
    return buckets;
  }

  /** Hours or days, day by day: from their row if the day is settled, else from the minutes. */
  function* ofDays(asked: AskedBuckets, table: 'hours' | 'days'): Work<Bucket[]> {
    const buckets: Bucket[] = [];
    const loose = byHour(asked);
    const waiting = unsettledDays(asked.series);
    const width = bucketMs[asked.resolution];
    let block: { readonly number: number; readonly table: FigureTable | undefined } | undefined;
    for (const [day, hours] of byDay(hoursOf(asked))) {
      const isLoose = hours.some((hour) => loose.has(hour) || loose.has(hour - 1));
      if (isLoose || waiting.has(day)) {
        const wider = createRollUp(asked.resolution, (figures) => buckets.push(bucketOf(figures)));
        yield* minutes(asked, hours, wider.add);
        wider.finish();
        continue;
      }
      const number = blockOfDay(table, day);
      if (block?.number !== number) {
        const row = tableIn(wideRows[table], rowId(number, asked.series), gridOf(table, number));
        block = { number, table: row };
        yield 10 * (row?.at.length ?? 20);
      }
      if (block.table === undefined) continue;
      const { start } = gridOf(table, number);
      const from = Math.max(firstHourOf(day) * hourMs, asked.range.from);
      const to = Math.min(firstHourOf(day + 1) * hourMs, asked.range.to);
      // Rows are nearly always complete: the place by time is at or shortly after the place sought.
      let i = Math.min(Math.floor((from - start) / width), block.table.at.length);
      while (i > 0 && (block.table.at[i - 1] ?? 0) >= from) i -= 1;
      for (; (block.table.at[i] ?? Infinity) < to; i += 1) buckets.push(bucketOf(figuresAt(block.table, i)));
    }
    return buckets;
  }

  return {
    of(asked) {
      if (asked.resolution === '1m') return ofMinutes(asked);
      return ofDays(asked, asked.resolution === '1h' ? 'hours' : 'days');
    },
  };
}

/** The hours of the range in which something may be: readings, or one of the hour before that holds into it. */
function hoursOf({ hours, loose, range }: AskedBuckets): number[] {
  const from = hourOf(range.from);
  const to = Math.ceil(range.to / hourMs);
  const all = new Set<number>();
  for (const hour of [...hours.map((each) => each.hour), ...loose.map(({ at }) => hourOf(at))]) {
    if (hour >= from && hour < to) all.add(hour);
    if (hour + 1 >= from && hour + 1 < to) all.add(hour + 1);
  }
  return [...all].sort((a, b) => a - b);
}

/** Without those of expired hours: their figures are all that is left, and what comes later does not change them. */
function byHour({ loose, hours }: AskedBuckets): Map<number, Sample[]> {
  const expired = new Set(hours.filter(({ isExpired }) => isExpired).map(({ hour }) => hour));
  const found = new Map<number, Sample[]>();
  for (const sample of loose) {
    const hour = hourOf(sample.at);
    if (expired.has(hour)) continue;
    const samples = found.get(hour);
    if (samples === undefined) found.set(hour, [sample]);
    else samples.push(sample);
  }
  return found;
}

function byDay(hours: readonly number[]): Map<number, number[]> {
  const days = new Map<number, number[]>();
  for (const hour of hours) {
    const day = dayOfHour(hour);
    const found = days.get(day);
    if (found === undefined) days.set(day, [hour]);
    else found.push(hour);
  }
  return days;
}
