import { z } from 'zod';
import { grouped } from '../../../core/grouped.ts';
import { chunkMs, decodeChunk, startsOf } from './chunk.ts';
import type { Connection, Work } from './connection.ts';
import { createHourRows } from './hour-rows.ts';
import { hourMs, hourOf, minutesPerHour, seriesPerShard, shardOf } from './layout.ts';
import type { Loose } from './loose.ts';
import { createMoment, type Moment } from './moment.ts';
import { blobRow, chunkRows } from './schema.ts';
import { openShardHour } from './shard-hour.ts';
import { readableSnapshot } from './snapshot.ts';

/** The newest reading of every series at or before a time; of a series that is not wanted perhaps none. */
export interface Newest {
  at(time: number, isWanted?: readonly boolean[]): Work<Moment>;
}

const hourRow = z.object({ hour: z.number().nullable() });
const minuteRow = z.object({ minute: z.number().nullable() });
const chunkCost = 1_000;
/** With fewer series than this wanted, single ones are read instead of a shard's. */
const fewSeries = 24;

export function createNewest({ database, readable }: Connection, loose: Loose): Newest {
  const readSnapshot = database.prepare('select readings from snapshot');
  const previousChunks = database.prepare(
    'select minute, readings from chunk where shard = ? and minute >= ? and minute <= ? order by minute desc limit 2',
  );
  const previousMinute = database.prepare(
    'select max(minute) as minute from chunk where shard = ? and minute <= ?',
  );
  const previousHour = database.prepare('select max(hour) as hour from stored_hour where hour <= ?');
  const raw = createHourRows(database, 'raw');

  /** From the minutes of one hour that are not compacted. */
  function* inChunks(place: Place, wanted: readonly number[], moment: Moment): Work<void> {
    const left = new Set(wanted);
    const first = place.hour * minutesPerHour;
    let minute = Math.min(Math.floor(place.at / chunkMs), first + minutesPerHour - 1);
    while (left.size > 0) {
      // Two: the newest chunk nearly always answers for all, and the one before for those read just after the minute began.
      const rows = chunkRows.parse(previousChunks.all(place.shard, first, minute));
      for (const row of rows) {
        const chunk = readable(() => decodeChunk(row.readings));
        if (chunk === undefined) continue;
        const starts = startsOf(chunk);
        const until = place.at - row.minute * chunkMs;
        for (const series of left) {
          const local = series % seriesPerShard;
          const begin = starts[local] ?? 0;
          let i = (starts[local + 1] ?? 0) - 1;
          while (i >= begin && (chunk.offset[i] ?? 0) > until) i -= 1;
          if (i < begin) continue;
          moment.keepNewer(series, row.minute * chunkMs, {
            offset: chunk.offset[i] ?? 0,
            value: chunk.value[i] ?? Number.NaN,
            quality: chunk.quality[i] ?? 0,
          });
          left.delete(series);
        }
      }
      yield rows.length * chunkCost;
      const lastMinute = rows.at(-1)?.minute;
      if (lastMinute === undefined) return;
      minute = lastMinute - 1;
    }
  }

  /** From one finished hour. */
  function* inRows(place: Place, wanted: readonly number[], moment: Moment): Work<void> {
    const { hour, shard } = place;
    const first = shard * seriesPerShard;
    const rows = openShardHour(
      (wanted.length < fewSeries ? raw.open(hour, shard) : raw.whole(hour, shard)).of,
    );
    const until = place.at + 1 - hour * hourMs;
    for (const series of wanted) {
      const last = readable(() => rows.last(series - first, until));
      if (last === undefined) continue;
      moment.keepNewer(series, hour * hourMs, last);
    }
    yield wanted.length * 30;
  }

  /** Sought backwards, hour by hour; all series are of one shard. */
  function* searchBack(shard: number, all: readonly number[], { moment, at }: Sought): Work<void> {
    let before = hourOf(at);
    for (let wanted = all; wanted.length > 0;) {
      const { hour: stored } = hourRow.parse(previousHour.get(before));
      const { minute } = minuteRow.parse(previousMinute.get(shard, (before + 1) * minutesPerHour - 1));
      const hour = Math.max(
        stored ?? -Infinity,
        minute === null ? -Infinity : Math.floor(minute / minutesPerHour),
      );
      if (hour === -Infinity) break;
      const place = { shard, hour, at };
      // Late readings wait beside a finished hour: the newer of the two counts.
      if (minute !== null) yield* inChunks(place, wanted, moment);
      if (stored === hour) yield* inRows(place, wanted, moment);
      wanted = wanted.filter((series) => !(moment.atOf(series) >= hour * hourMs));
      yield 10;
      before = hour - 1;
    }
  }

  return {
    *at(time, isWanted) {
      const moment = createMoment();
      for (const columns of yield* loose.ticks({ from: -Infinity, to: time + 1 })) {
        moment.addAll(columns, time);
        yield columns.at.length / 4;
      }
      const snapshot = readableSnapshot(blobRow.optional().parse(readSnapshot.get())?.readings);
      const { at: newest, oldest } = snapshot.columns;
      moment.addNewest(snapshot.columns, time, isWanted);
      const overtaken: number[] = [];
      for (let series = 0; series < newest.length; series += 1) {
        const isOvertaken = (newest[series] ?? Number.NaN) > time && (oldest[series] ?? Infinity) <= time;
        if (isOvertaken && isWanted?.[series] !== false) overtaken.push(series);
      }
      yield newest.length;
      for (const [shard, wanted] of grouped(overtaken, shardOf))
        yield* searchBack(shard, wanted, { moment, at: time });
      return moment;
    },
  };
}

interface Sought {
  readonly moment: Moment;
  /** Nothing after this time is sought. */
  readonly at: number;
}

interface Place {
  readonly shard: number;
  readonly hour: number;
  /** Nothing after this time is sought. */
  readonly at: number;
}
