import { z } from 'zod';
import type { PointFacts } from '../historian.ts';
import { placeOf, readableChunk, type Chunk } from './chunk.ts';
import type { SeriesHour } from './codec/hour.ts';
import type { SeriesMinutes } from './codec/minutes.ts';
import { createWritableHourRows, type ShardBlobs } from './hour-rows.ts';
import { dayOfHour, hourOf, minutesPerHour, seriesPerShard } from './layout.ts';
import { createMinuteRows } from './minute-rows.ts';
import { readable } from './readable.ts';
import { chunkRows, minuteRow, type Database } from './schema.ts';
import { encodeShardHour, lastOf, mergeHours, minutesOf, openShardHour, samplesOf } from './shard-hour.ts';

/** An hour of one shard whose minutes wait to be compacted. */
export interface ShardHourId {
  readonly hour: number;
  readonly shard: number;
}

/**
 * Moves the minute chunks of finished hours to what is kept of each series and hour, shard by shard, so that no step takes long, and writes the
 * figures of their minutes. Late readings are merged into their hour; its figures and, where the last reading holds into it, those of
 * the next hour are made again. Synchronous, in the writing thread; each step is one transaction.
 */
export interface Compaction {
  /** `except`: what cannot be compacted and is left as it came. */
  next(now: number, except?: readonly ShardHourId[]): ShardHourId | undefined;
  /** `factsOf` by place in the shard. Returns how many readings came too late to be kept: their hour had expired. */
  compact(asked: ShardHourId, factsOf: (local: number) => PointFacts): number;
  /** The same with readings that are given, by place in the shard and ascending in time: a history that was kept elsewhere. */
  add(
    asked: ShardHourId,
    fresh: ReadonlyMap<number, SeriesHour>,
    factsOf: (local: number) => PointFacts,
  ): number;
}

/** An hour is compacted this long after its end: late readings that come before cost nothing. */
const graceMs = 60_000;
/** Hours further ahead come from a wrong clock and wait for nothing. */
const aheadMs = 120_000;

const shardRow = z.object({ shard: z.number().nullable() }).optional();
const shardHours = z.array(z.object({ hour: z.number(), shard: z.number() }));
const storedRow = z.object({ raw: z.number() }).optional();

export function createCompaction(database: Database, transaction: (work: () => void) => void): Compaction {
  const firstBefore = database.prepare('select min(minute) as minute from chunk where minute < ?');
  const firstFrom = database.prepare('select min(minute) as minute from chunk where minute >= ?');
  const firstShard = database.prepare(
    'select min(shard) as shard from chunk where minute >= ? and minute < ?',
  );
  const waitingHours = database.prepare(
    `select distinct minute / ${minutesPerHour} as hour, shard from chunk where minute < ? or minute >= ? order by hour, shard limit ?`,
  );
  const chunks = database.prepare(
    'select minute, readings from chunk where shard = ? and minute >= ? and minute < ? order by minute',
  );
  const deleteChunks = database.prepare('delete from chunk where shard = ? and minute >= ? and minute < ?');
  const raw = createWritableHourRows(database, 'raw');
  const minutes = createMinuteRows(database);
  const storedHour = database.prepare('select raw from stored_hour where hour = ?');
  const putHour = database.prepare('insert or ignore into stored_hour (hour, raw, minutes) values (?, 1, 1)');
  const putUnsettled = database.prepare('insert or ignore into unsettled (shard, day) values (?, ?)');

  /** What the minutes of the hour hold, by place in the shard. */
  function gather(shard: number, from: number): Map<number, SeriesHour> {
    const read = chunkRows
      .parse(chunks.all(shard, from, from + minutesPerHour))
      .flatMap(({ minute, readings }) => {
        const chunk = readableChunk(readings);
        return chunk === undefined ? [] : [{ chunk, start: (minute - from) * 60_000 }];
      });
    const gathered = new Map<number, SeriesHour>();
    for (let local = 0; local < seriesPerShard; local += 1) {
      const parts = read
        .map(({ chunk, start }) => ({ chunk, start, ...placeOf(chunk, local) }))
        .filter(({ begin, end }) => end > begin);
      if (parts.length > 0) gathered.set(local, joined(parts));
    }
    return gathered;
  }

  function add(
    { hour, shard }: ShardHourId,
    fresh: ReadonlyMap<number, SeriesHour>,
    factsOf: (local: number) => PointFacts,
  ): number {
    const from = hour * minutesPerHour;
    const stored = storedRow.parse(storedHour.get(hour));
    if (stored?.raw === 0) {
      transaction(() => deleteChunks.run(shard, from, from + minutesPerHour));
      return [...fresh.values()].reduce((sum, { offset }) => sum + offset.length, 0);
    }
    const before = openReadable(raw.whole(hour - 1, shard));
    const old = openReadable(raw.whole(hour, shard));
    const after = openReadable(raw.whole(hour + 1, shard));
    const hours = new Map<number, SeriesHour>();
    for (let local = 0; local < seriesPerShard; local += 1) {
      const added = fresh.get(local);
      const known = old(local);
      const merged = added === undefined ? known : mergeHours(known, added);
      if (merged !== undefined) hours.set(local, merged);
    }
    const now = new Map<number, SeriesMinutes>();
    const then = new Map<number, SeriesMinutes>();
    const hasMinutesAfter = new Set(minutes.locals(hour + 1, shard));
    for (const local of fresh.keys()) {
      const facts = factsOf(local);
      const merged = hours.get(local);
      if (merged === undefined) continue;
      now.set(local, figuresOf(merged, { number: hour, before: before(local), facts }));
      const next = hasMinutesAfter.has(local) ? after(local) : undefined;
      if (next !== undefined) then.set(local, figuresOf(next, { number: hour + 1, before: merged, facts }));
    }
    transaction(() => {
      raw.put(hour, shard, encodeShardHour(hours));
      minutes.merge(hour, shard, now);
      if (then.size > 0) minutes.merge(hour + 1, shard, then);
      putHour.run(hour);
      // The last reading may hold into the next hour, which may be of the next day.
      for (const day of new Set([dayOfHour(hour), dayOfHour(hour + 1)])) putUnsettled.run(shard, day);
      deleteChunks.run(shard, from, from + minutesPerHour);
    });
    return 0;
  }

  return {
    add,
    next(now, except = []) {
      const openFrom = hourOf(now - graceMs) * minutesPerHour;
      const openTo = (hourOf(now + aheadMs) + 1) * minutesPerHour;
      if (except.length > 0)
        return shardHours
          .parse(waitingHours.all(openFrom, openTo, except.length + 1))
          .find(({ hour, shard }) => !except.some((each) => each.hour === hour && each.shard === shard));
      const minute =
        minuteRow.parse(firstBefore.get(openFrom)).minute ?? minuteRow.parse(firstFrom.get(openTo)).minute;
      if (minute === null) return undefined;
      const hour = Math.floor(minute / minutesPerHour);
      const from = hour * minutesPerHour;
      const shard = shardRow.parse(firstShard.get(from, from + minutesPerHour))?.shard;
      return shard === undefined || shard === null ? undefined : { hour, shard };
    },

    compact(asked, factsOf) {
      return add(asked, gather(asked.shard, asked.hour * minutesPerHour), factsOf);
    },
  };
}

/** The figures of an hour's minutes. */
function figuresOf(
  hour: SeriesHour,
  {
    number,
    before,
    facts,
  }: { readonly number: number; readonly before: SeriesHour | undefined; readonly facts: PointFacts },
): SeriesMinutes {
  return minutesOf(samplesOf(hour, number), { hour: number, before: lastOf(before, number - 1), facts });
}

/** What is damaged is a gap. */
function openReadable(blobs: ShardBlobs): (local: number) => SeriesHour | undefined {
  const rows = openShardHour(blobs.of);
  return (local) => readable(() => rows.read(local));
}

function joined(
  parts: readonly {
    readonly chunk: Chunk;
    readonly start: number;
    readonly begin: number;
    readonly end: number;
  }[],
): SeriesHour {
  const length = parts.reduce((sum, { begin, end }) => sum + end - begin, 0);
  const hour = {
    offset: new Float64Array(length),
    value: new Float64Array(length),
    quality: new Uint8Array(length),
  };
  let to = 0;
  for (const { chunk, start, begin, end } of parts) {
    for (let i = begin; i < end; i += 1) {
      hour.offset[to] = start + (chunk.offset[i] ?? 0);
      hour.value[to] = chunk.value[i] ?? Number.NaN;
      hour.quality[to] = chunk.quality[i] ?? 0;
      to += 1;
    }
  }
  return hour;
}
