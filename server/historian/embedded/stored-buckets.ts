import { z } from 'zod';
import { grouped } from '../../../core/grouped.ts';
import { createRollUp, type Figures } from '../figures.ts';
import {
  type BucketColumns,
  type BucketResolution,
  type PointFacts,
  type Range,
  type Sample,
} from '../historian.ts';
import { openFigureRow, type FigureRow, type KnownCounts } from './codec/figure-row.ts';
import type { FigureTable, Grid } from './codec/figures.ts';
import { lowerBound } from './codec/hour.ts';
import type { Scratch } from './codec/scratch.ts';
import { createColumnsBuilder, type ColumnsBuilder, type Workspace } from './columns-builder.ts';
import type { Connection, Work } from './connection.ts';
import {
  blockOfDay, dayOfHour, firstHourOf, gridOf, hourMs, hourOf, hoursPerDay, minuteGrid, rowId, seriesPerShard, shardOf, type DayTable,
} from './layout.ts'; // prettier-ignore
import { createHourRows, type ShardBlobs } from './hour-rows.ts';
import { readMinutes } from './minute-rows.ts';
import { createBlobRows, type BlobRows } from './rows.ts';
import { minutesIn } from './settlement.ts';
import { minutesOf } from './shard-hour.ts';
import { mergeByTime } from './merge.ts';
import type { StoredHours } from './stored-hours.ts';

interface AskedBuckets {
  readonly series: number;
  /** Whole buckets. */
  readonly range: Range;
  readonly resolution: BucketResolution;
  readonly facts: PointFacts;
  /** Of the range and the hour before it; the same for all series of a request. */
  readonly coverage: Coverage;
  /** One row of each kind at a time is read into these, for one series after the other. */
  readonly scratch: Readonly<Record<'rows' | 'minutes', Scratch>>;
  readonly counts: KnownCounts;
  readonly workspace: Workspace;
  /** Packs of minutes that were read for this request: the next series are in them too. Undefined where that does not pay. */
  readonly packs: Map<number, ShardBlobs> | undefined;
  /** What is not compacted yet of these. */
  readonly loose: readonly Sample[];
}

/** Where there may be something: of minutes the hours, of hours and days the blocks of rows. */
export interface Coverage {
  readonly hours: readonly number[];
  readonly blocks: readonly number[];
}

export function* coverageOf(
  stored: StoredHours,
  { range, resolution }: { readonly range: Range; readonly resolution: BucketResolution },
): Work<Coverage> {
  if (resolution === '1m') return { hours: yield* stored.within(range), blocks: [] };
  return { hours: [], blocks: yield* stored.blocksWithin(tableOf(resolution), range) };
}

function tableOf(resolution: '1h' | '1d'): DayTable {
  return resolution === '1h' ? 'hours' : 'days';
}

/**
 * Buckets from where they are kept: a settled day from its hours or days, else from its minutes; the minutes of hours that hold readings
 * which are not compacted yet from all their readings. Whichever it is, the figures are the same.
 */
export interface StoredBuckets {
  of(asked: AskedBuckets): Work<BucketColumns>;
}

/** Some tens of kB each: the hours of the days that are not settled yet. */
const mostPacksKept = 64;
const unsettledRows = z.array(z.object({ day: z.number() }));

export function createStoredBuckets(connection: Connection, stored: StoredHours): StoredBuckets {
  const { database, readable } = connection;
  const unsettled = database.prepare('select day from unsettled where shard = ?');
  const minuteRows = createHourRows(database, 'minutes');
  const wideRows = { hours: createBlobRows(database, 'hours'), days: createBlobRows(database, 'days') };

  function rowIn(rows: BlobRows, asked: AskedBuckets, { id, grid }: { readonly id: number; readonly grid: Grid }): FigureRow | undefined {
    const blob = rows.get(id);
    if (blob === undefined) return undefined;
    return readable(() => openFigureRow(blob, { grid, scratch: asked.scratch.rows, known: asked.counts }));
  } // prettier-ignore

  function packOf(packs: AskedBuckets['packs'], hour: number, shard: number): ShardBlobs {
    const key = rowId(hour, shard);
    const known = packs?.get(key);
    if (known !== undefined) return known;
    if (packs === undefined || packs.size >= mostPacksKept) return minuteRows.open(hour, shard);
    const pack = minuteRows.whole(hour, shard);
    packs.set(key, pack);
    return pack;
  }

  function minuteTable(asked: AskedBuckets, hour: number): FigureTable | undefined {
    const { series, scratch } = asked;
    const shard = shardOf(series);
    const local = series - shard * seriesPerShard;
    const options = { grid: minuteGrid(hour), scratch: scratch.minutes };
    return readable(() => readMinutes(local, packOf(asked.packs, hour, shard), options));
  }

  /** Without those of expired hours: their figures are all that is left, and what comes later does not change them. */
  function looseByHour({ loose }: AskedBuckets): Map<number, Sample[]> {
    const found = grouped(loose, ({ at }) => hourOf(at));
    for (const hour of found.keys()) if (stored.isExpired(hour)) found.delete(hour);
    return found;
  }

  /** Read once for an answer: what is settled meanwhile has the same figures in its minutes. */
  function unsettledDays(series: number): ReadonlySet<number> {
    return new Set(unsettledRows.parse(unsettled.all(shardOf(series))).map(({ day }) => day));
  }

  /** The minutes of hours in ascending order. */
  function* minutes(
    asked: AskedBuckets,
    hours: readonly number[],
    give: { readonly add: (figures: Figures) => void; readonly addTable?: (table: FigureTable) => void },
  ): Work<void> {
    const { series, facts } = asked;
    const loose = looseByHour(asked);
    for (const hour of hours) {
      const late = loose.get(hour);
      const lateBefore = loose.get(hour - 1);
      if (late === undefined && lateBefore === undefined) {
        const table = minuteTable(asked, hour);
        const before = table === undefined ? minuteTable(asked, hour - 1) : undefined;
        if (table !== undefined && give.addTable !== undefined) give.addTable(table);
        else for (const figures of minutesIn(hour, table, before)) give.add(figures);
        yield 200;
      } else {
        const before = mergeByTime(stored.samples(series, hour - 1), lateBefore ?? []).at(-1);
        const samples = mergeByTime(stored.samples(series, hour), late ?? []);
        for (const figures of minutesOf(samples, { hour, before, facts }).figures) give.add(figures);
        yield 200 + 4 * samples.length;
      }
    }
  }

  function* ofMinutes(asked: AskedBuckets): Work<BucketColumns> {
    const columns = createColumnsBuilder(asked.workspace);
    const { from, to } = asked.range;
    yield* minutes(asked, hoursOf(asked), {
      add(figures) {
        if (figures.at >= from && figures.at < to) columns.add(figures);
      },
      addTable: (table) => columns.addTable(table, lowerBound(table.at, from), lowerBound(table.at, to)),
    });
    return columns.finish();
  }

  /** Buckets of the days that cannot be taken from their row: they are not settled, or readings wait that belong to them. */
  function* ofDay(asked: AskedBuckets, hours: readonly number[], columns: ColumnsBuilder): Work<void> {
    const wider = createRollUp(asked.resolution, columns.add);
    yield* minutes(asked, hours, { add: wider.add });
    wider.finish();
  }

  /** Hours or days, from their rows; the other days in between. */
  function* ofDays(asked: AskedBuckets, table: DayTable): Work<BucketColumns> {
    const columns = createColumnsBuilder(asked.workspace);
    const { from, to } = asked.range;
    const others = otherDays(asked.range, unsettledDays(asked.series), looseByHour(asked).keys());
    let next = 0;
    for (const block of asked.coverage.blocks) {
      const row = rowIn(wideRows[table], asked, {
        id: rowId(block, asked.series),
        grid: gridOf(table, block),
      });
      const at = row?.at ?? new Float64Array(0);
      yield 20 + at.length;
      const end = row === undefined ? 0 : lowerBound(at, to);
      for (let i = lowerBound(at, from); i < end;) {
        const other = others[next];
        const until = other === undefined ? end : Math.min(end, lowerBound(at, other.from));
        if (row !== undefined && until > i) columns.addRow(row, i, until);
        i = Math.max(i, until);
        if (other === undefined || i >= end) break;
        yield* ofDay(asked, other.hours, columns);
        i = Math.max(i, lowerBound(at, other.to));
        next += 1;
      }
      // Those after the last bucket of the row; a day is of one block.
      for (
        let other = others[next];
        other !== undefined && blockOfDay(table, other.day) <= block;
        other = others[next]
      ) {
        yield* ofDay(asked, other.hours, columns);
        next += 1;
      }
    }
    for (const other of others.slice(next)) yield* ofDay(asked, other.hours, columns);
    return columns.finish();
  }

  return {
    of(asked) {
      if (asked.resolution === '1m') return ofMinutes(asked);
      return ofDays(asked, tableOf(asked.resolution));
    },
  };
}

/** The hours of the range in which something may be: readings, or one of the hour before that holds into it. */
function hoursOf({ coverage: { hours }, loose, range }: AskedBuckets): number[] {
  const from = hourOf(range.from);
  const to = Math.ceil(range.to / hourMs);
  const all = new Set<number>();
  for (const hour of [...hours, ...loose.map(({ at }) => hourOf(at))]) {
    if (hour >= from && hour < to) all.add(hour);
    if (hour + 1 >= from && hour + 1 < to) all.add(hour + 1);
  }
  return [...all].sort((a, b) => a - b);
}

interface OtherDay {
  readonly day: number;
  readonly from: number;
  readonly to: number;
  readonly hours: readonly number[];
}

/** The days of the range that are not settled, or that have loose readings; ascending. */
function otherDays({ from, to }: Range, unsettled: ReadonlySet<number>, loose: Iterable<number>): OtherDay[] {
  const days = new Set(unsettled);
  for (const hour of loose) days.add(dayOfHour(hour)).add(dayOfHour(hour + 1));
  return [...days]
    .sort((a, b) => a - b)
    .map((day) => {
      const first = firstHourOf(day);
      const hours = Array.from({ length: hoursPerDay }, (_, i) => first + i);
      return {
        day,
        from: first * hourMs,
        to: (first + hoursPerDay) * hourMs,
        hours: hours.filter((hour) => hour * hourMs >= from && hour * hourMs < to),
      };
    })
    .filter(({ hours }) => hours.length > 0);
}
