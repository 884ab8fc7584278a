import { z } from 'zod';
import type { Retention } from '../tiers.ts';
import { lenderOf } from './codec/hour.ts';
import { createWritableHourRows } from './hour-rows.ts';
import { blockOfDay, byShard, dayOfHour, hourMs, hourOf, rowId, seriesPerShard } from './layout.ts';
import { createMinuteRows } from './minute-rows.ts';
import { readable } from './readable.ts';
import type { Database } from './schema.ts';

/** Stored hours of each tier; Infinity: for ever. */
export type HoursKept = Retention;

export function hoursKept(retention: Retention): HoursKept {
  const hours = (ms: number): number => Math.max(1, Math.ceil(ms / hourMs));
  return {
    raw: hours(retention.raw),
    '1m': hours(retention['1m']),
    '1h': hours(retention['1h']),
    '1d': hours(retention['1d']),
    pinned: hours(retention.pinned),
  };
}

/**
 * Deletes what is older than its tier is kept for. Age is counted in hours that hold readings, and hours ahead of the clock are no
 * evidence of age (docs/decisions/006). A run deletes one hour of a tier at most, and a few thousand rows of hours and days, so that no
 * fault can empty the store at once. Pages go back to the file, which keeps its size.
 */
export interface Expiry {
  expire(now: number, kept: HoursKept): void;
}

/** Readings ahead of time by more than this come from a wrong clock. */
const aheadMs = 120_000;
const wideRowsPerRun = 4_000;
const hourRow = z.object({ hour: z.number() }).optional();
const seriesRows = z.array(z.object({ series: z.number() }));
/** In `stored_hour.raw`. */
const pinnedOnly = 2;

export function createExpiry(database: Database, transaction: (work: () => void) => void): Expiry {
  const nthNewest = database.prepare(
    'select hour from stored_hour where hour <= ? order by hour desc limit 1 offset ?',
  );
  const oldestRaw = database.prepare(
    'select hour from stored_hour where raw = ? and hour < ? order by hour limit 1',
  );
  const oldestMinutes = database.prepare(
    'select hour from stored_hour where minutes = 1 and hour < ? order by hour limit 1',
  );
  const isUnsettled = database.prepare('select day from unsettled where day in (?, ?) limit 1');
  const pinned = database.prepare(`
    select distinct series from pin_series join pin using (name)
    where begin < ? and finish > ? order by series`);
  const setRaw = database.prepare('update stored_hour set raw = ? where hour = ?');
  const setMinutes = database.prepare('update stored_hour set minutes = 0 where hour = ?');
  const deleteWide = {
    hours: database.prepare(
      'delete from hours where id in (select id from hours where id < ? order by id limit ?)',
    ),
    days: database.prepare(
      'delete from days where id in (select id from days where id < ? order by id limit ?)',
    ),
  };
  const forgetHours = database.prepare('delete from stored_hour where hour < ? and raw = 0 and minutes = 0');
  const raw = createWritableHourRows(database, 'raw');
  const minutes = createMinuteRows(database);

  /** The first hour that is kept; undefined while fewer are stored. */
  function keepFrom(now: number, hours: number): number | undefined {
    if (!Number.isFinite(hours)) return undefined;
    return hourRow.parse(nthNewest.get(hourOf(now + aheadMs), hours - 1))?.hour;
  }

  /** What is pinned of an hour, by shard and place in it: series, and those whose times they borrow. */
  function pinnedBlobs(hour: number): Map<number, Map<number, Uint8Array>> {
    const wanted = seriesRows
      .parse(pinned.all((hour + 1) * hourMs, hour * hourMs))
      .map(({ series }) => series);
    const kept = new Map<number, Map<number, Uint8Array>>();
    for (const [shard, series] of byShard(wanted)) {
      const all = raw.open(hour, shard);
      const blobs = new Map<number, Uint8Array>();
      for (const each of series) {
        const local = each - shard * seriesPerShard;
        const blob = readable(() => all.of(local));
        if (blob === undefined) continue;
        blobs.set(local, blob);
        const lender = readable(() => lenderOf(blob));
        const times = lender === undefined ? undefined : all.of(lender);
        if (lender !== undefined && times !== undefined) blobs.set(lender, times);
      }
      if (blobs.size > 0) kept.set(shard, blobs);
    }
    return kept;
  }

  function expireRaw(before: number): void {
    const hour = hourRow.parse(oldestRaw.get(1, before))?.hour;
    if (hour === undefined) return;
    transaction(() => {
      const kept = pinnedBlobs(hour);
      raw.deleteHour(hour);
      for (const [shard, blobs] of kept) raw.put(hour, shard, blobs);
      setRaw.run(kept.size > 0 ? pinnedOnly : 0, hour);
    });
  }

  function expirePinned(before: number): void {
    const hour = hourRow.parse(oldestRaw.get(pinnedOnly, before))?.hour;
    if (hour === undefined) return;
    transaction(() => {
      raw.deleteHour(hour);
      setRaw.run(0, hour);
    });
  }

  function expireMinutes(before: number): void {
    const hour = hourRow.parse(oldestMinutes.get(before))?.hour;
    // Its day may still have to be made of it, and so may the next one's first hour.
    if (hour === undefined || isUnsettled.get(dayOfHour(hour), dayOfHour(hour + 1)) !== undefined) return;
    transaction(() => {
      minutes.deleteHour(hour);
      setMinutes.run(hour);
    });
  }

  return {
    expire(now, kept) {
      const from = {
        raw: keepFrom(now, kept.raw),
        pinned: keepFrom(now, kept.pinned),
        minutes: keepFrom(now, kept['1m']),
        hours: keepFrom(now, kept['1h']),
        days: keepFrom(now, kept['1d']),
      };
      if (from.raw !== undefined) expireRaw(from.raw);
      if (from.pinned !== undefined) expirePinned(from.pinned);
      if (from.minutes !== undefined) expireMinutes(from.minutes);
      for (const table of ['hours', 'days'] as const) {
        const hour = from[table];
        // Whole rows: of the block that holds the first hour kept, all is kept.
        if (hour !== undefined)
          deleteWide[table].run(rowId(blockOfDay(table, dayOfHour(hour)), 0), wideRowsPerRun);
      }
      const last = Math.min(from.hours ?? -Infinity, from.days ?? -Infinity, from.pinned ?? -Infinity);
      if (last > -Infinity) forgetHours.run(last);
    },
  };
}
