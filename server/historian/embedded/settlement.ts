import { z } from 'zod';
import { createWidening, type Figures } from '../figures.ts';
import { decodeFigures, encodeFigures, figuresAt, type FigureTable } from './codec/figures.ts';
import {
  blockOfDay, dayOfHour, firstHourOf, gridOf, hourMs, hourOf, hoursPerDay, minuteGrid, rowId, seriesPerShard,
} from './layout.ts'; // prettier-ignore
import { createMinuteRows } from './minute-rows.ts';
import { readable } from './readable.ts';
import { createBlobRows } from './rows.ts';
import type { Database } from './schema.ts';

/**
 * Writes the figures of hours and days once a WIB day is over, and again when late readings have changed its minutes. Until then
 * they are made of the minutes when they are asked for.
 */
export interface Settlement {
  /** One day of one shard; false when none waits. */
  settleNext(now: number): boolean;
}

/** After the compaction of the day's last hour. */
const graceMs = 300_000;
const aheadMs = 120_000;
const unsettledRow = z.object({ shard: z.number(), day: z.number() }).optional();

export function createSettlement(database: Database, transaction: (work: () => void) => void): Settlement {
  const next = database.prepare(
    'select shard, day from unsettled where day < ? or day > ? order by day, shard limit 1',
  );
  const done = database.prepare('delete from unsettled where shard = ? and day = ?');
  const minutes = createMinuteRows(database);
  const tables = {
    hours: { rows: createBlobRows(database, 'hours'), put: database.prepare('insert or replace into hours (id, data) values (?, ?)') },
    days: { rows: createBlobRows(database, 'days'), put: database.prepare('insert or replace into days (id, data) values (?, ?)') },
  }; // prettier-ignore

  /** Replaces what the row holds of the day. */
  function write(
    table: 'hours' | 'days',
    id: { series: number; day: number },
    figures: readonly Figures[],
  ): void {
    const block = blockOfDay(table, id.day);
    const grid = gridOf(table, block);
    const row = rowId(block, id.series);
    const stored = tables[table].rows.get(row);
    const known = stored === undefined ? undefined : readable(() => decodeFigures(stored, grid));
    const others = known === undefined ? [] : [...known.at.keys()].map((i) => figuresAt(known, i));
    const from = firstHourOf(id.day) * hourMs;
    const all = [
      ...others.filter(({ at }) => at < from),
      ...figures,
      ...others.filter(({ at }) => at >= from + hoursPerDay * hourMs),
    ];
    tables[table].put.run(row, encodeFigures(all, grid));
  }

  /** The figures of the day's hours, by place in the shard. */
  function hoursOf(shard: number, day: number): Map<number, Figures[]> {
    const found = new Map<number, Figures[]>();
    const first = firstHourOf(day);
    let before = minutes.tables(first - 1, shard);
    for (let hour = first; hour < first + hoursPerDay; hour += 1) {
      const now = minutes.tables(hour, shard);
      for (const local of new Set([...before.keys(), ...now.keys()])) {
        const widening = createWidening('1h', (figures) =>
          found.set(local, [...(found.get(local) ?? []), figures]),
        );
        for (const figures of minutesIn(hour, now.get(local), before.get(local))) widening.add(figures);
        widening.finish();
      }
      before = now;
    }
    return found;
  }

  return {
    settleNext(now) {
      const open = { from: dayOfHour(hourOf(now - graceMs)), to: dayOfHour(hourOf(now + aheadMs)) };
      const waiting = unsettledRow.parse(next.get(open.from, open.to));
      if (waiting === undefined) return false;
      const { shard, day } = waiting;
      const found = hoursOf(shard, day);
      transaction(() => {
        for (const [local, hours] of found) {
          const id = { series: shard * seriesPerShard + local, day };
          write('hours', id, hours);
          const widening = createWidening('1d', (figures) => write('days', id, [figures]));
          for (const figures of hours) widening.add(figures);
          widening.finish();
        }
        done.run(shard, day);
      });
      return true;
    },
  };
}

/** The minutes of an hour as its row holds them; without a row, those into which the last reading of the hour before holds. */
export function* minutesIn(
  hour: number,
  table: FigureTable | undefined,
  before: FigureTable | undefined,
): Generator<Figures> {
  if (table !== undefined) {
    for (let i = 0; i < table.at.length; i += 1) yield figuresAt(table, i);
    return;
  }
  if (before === undefined || before.spillMs === 0) return;
  const value = before.last.at(-1) ?? Number.NaN;
  const { start, widthMs } = minuteGrid(hour);
  for (let at = 0; at < Math.min(before.spillMs, hourMs); at += widthMs) {
    const coveredMs = Math.min(before.spillMs - at, widthMs);
    yield {
      at: start + at, min: value, max: value, last: value, sum: 0, usable: 0, count: 0, good: 0, coveredMs,
      states: before.otherStates === null ? null : new Map([[value, coveredMs]]),
    }; // prettier-ignore
  }
}
