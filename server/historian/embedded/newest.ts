import { z } from 'zod';
import type { Sample } from '../historian.ts';
import { chunkMs, decodeChunk } from './chunk.ts';
import type { Connection, Work } from './connection.ts';
import { hourMs, hourOf, minutesPerHour, rowId, seriesPerShard } from './layout.ts';
import { byShard, sampleAt, samplesInChunk, type Loose } from './loose.ts';
import { createBlobRows } from './rows.ts';
import { blobRow, chunkRows } from './schema.ts';
import { openShardHour } from './shard-hour.ts';
import { readableSnapshot } from './snapshot.ts';

/** The newest reading of every series at or before a time, by series; none where there is none. */
export interface Newest {
  at(time: number): Work<readonly (Sample | undefined)[]>;
}

const hourRow = z.object({ hour: z.number().nullable() });
const minuteRow = z.object({ minute: z.number().nullable() });
const chunkCost = 1_000;
/** With fewer series than this wanted, single rows are read instead of a shard's. */
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
  const raw = createBlobRows(database, 'raw');

  /** From the minutes of one hour that are not compacted. */
  function* inChunks(place: Place, wanted: ReadonlySet<number>, found: Map<number, Sample>): Work<void> {
    const left = new Set(wanted);
    const first = place.hour * minutesPerHour;
    let minute = Math.min(Math.floor(place.at / chunkMs), first + minutesPerHour - 1);
    while (left.size > 0) {
      // Two: the newest chunk nearly always answers for all, and the one before for those read just after the minute began.
      const rows = chunkRows.parse(previousChunks.all(place.shard, first, minute));
      for (const row of rows) {
        const chunk = readable(() => decodeChunk(row.readings));
        if (chunk === undefined) continue;
        for (const series of left) {
          const samples = samplesInChunk(chunk, series, row.minute * chunkMs);
          const sample = samples.findLast(({ at }) => at <= place.at);
          if (sample === undefined) continue;
          found.set(series, sample);
          left.delete(series);
        }
      }
      yield rows.length * chunkCost;
      const lastMinute = rows.at(-1)?.minute;
      if (lastMinute === undefined) return;
      minute = lastMinute - 1;
    }
  }

  /** From the rows of one finished hour, where they are newer than what was found. */
  function* inRows(place: Place, wanted: ReadonlySet<number>, found: Map<number, Sample>): Work<void> {
    const first = place.shard * seriesPerShard;
    const blobs = wanted.size < fewSeries ? undefined : raw.ofShard(place.hour, place.shard);
    const rows = openShardHour((local) =>
      blobs === undefined ? raw.get(rowId(place.hour, first + local)) : blobs.get(local),
    );
    const until = place.at + 1 - place.hour * hourMs;
    for (const series of wanted) {
      const last = readable(() => rows.last(series - first, until));
      if (last === undefined) continue;
      const at = place.hour * hourMs + last.offset;
      if (at > (found.get(series)?.at ?? -Infinity))
        found.set(series, { at, value: last.value, quality: last.quality });
    }
    yield wanted.size * 30;
  }

  /** Sought backwards, hour by hour; all series are of one shard. */
  function* searchBack(shard: number, wanted: Set<number>, at: number): Work<Map<number, Sample>> {
    const all = new Map<number, Sample>();
    let before = hourOf(at);
    while (wanted.size > 0) {
      const { hour: stored } = hourRow.parse(previousHour.get(before));
      const { minute } = minuteRow.parse(previousMinute.get(shard, (before + 1) * minutesPerHour - 1));
      const hour = Math.max(
        stored ?? -Infinity,
        minute === null ? -Infinity : Math.floor(minute / minutesPerHour),
      );
      if (hour === -Infinity) break;
      const place = { shard, hour, at };
      const found = new Map<number, Sample>();
      if (minute !== null) yield* inChunks(place, wanted, found);
      if (stored === hour) yield* inRows(place, wanted, found);
      for (const [series, sample] of found) {
        all.set(series, sample);
        wanted.delete(series);
      }
      yield 10;
      before = hour - 1;
    }
    return all;
  }

  return {
    *at(time) {
      const newest: (Sample | undefined)[] = [];
      for (const columns of yield* loose.ticks({ from: -Infinity, to: Infinity })) {
        for (let i = 0; i < columns.at.length; i += 1) {
          const at = columns.at[i] ?? 0;
          const series = columns.series[i] ?? 0;
          if (at <= time && at >= (newest[series]?.at ?? -Infinity)) newest[series] = sampleAt(columns, i);
        }
        yield columns.at.length;
      }
      const keepNewer = (sample: Sample, series: number): void => {
        if (sample.at > (newest[series]?.at ?? -Infinity)) newest[series] = sample;
      };
      const snapshot = readableSnapshot(blobRow.optional().parse(readSnapshot.get())?.readings);
      const overtaken = new Set<number>();
      for (let series = 0; series < snapshot.length; series += 1) {
        const sample = snapshot.newest(series);
        if (sample === undefined) continue;
        if (sample.at <= time) keepNewer(sample, series);
        else if ((snapshot.oldest(series) ?? Infinity) <= time) overtaken.add(series);
      }
      yield snapshot.length;
      for (const [shard, wanted] of byShard(overtaken)) {
        const found = yield* searchBack(shard, wanted, time);
        for (const [series, sample] of found) keepNewer(sample, series);
      }
      return newest;
    },
  };
}

interface Place {
  readonly shard: number;
  readonly hour: number;
  /** Nothing after this time is sought. */
  readonly at: number;
}
