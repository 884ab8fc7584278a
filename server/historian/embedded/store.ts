import { inTransaction } from '../../../core/in-transaction.ts';
import { chunkMs, readableChunk } from './chunk.ts';
import { createCompaction, type ShardHourId } from './compaction.ts';
import { createExpiry, type HoursKept } from './expiry.ts';
import { mostSeries, seriesPerShard } from './layout.ts';
import { groupByChunk, mergeIntoChunk, type Group } from './merge.ts';
import { createPins } from './pins.ts';
import type { Batch, PinTask } from './protocol.ts';
import { blobRow, openForWriting, seriesRows, sizeRows, tickRows } from './schema.ts';
import { createSettlement } from './settlement.ts';
import { readableSnapshot } from './snapshot.ts';
import type { PointFacts } from '../historian.ts';
import { decodeColumns, encodeColumns, type Columns } from '../../../core/columns.ts';

/** The writing half; synchronous, so it belongs in a thread of its own. */
export interface Store {
  /** Survives kill -9 when it returns, and a power cut if that is asked for. */
  append(batch: Batch, throughPowerCut?: boolean): void;
  /** Merges finished minutes into chunks. */
  merge(now: number): void;
  /** The next hour that waits to be compacted, with the names of its shard's points; undefined when there is none. */
  nextHour(now: number, except?: readonly ShardHourId[]): WaitingHour | undefined;
  /** Returns how many readings came after their hour had expired and are not kept. */
  compact(asked: ShardHourId, facts: readonly PointFacts[]): number;
  /** Writes the hours and days of one day of one shard; false when none waits. */
  settle(now: number): boolean;
  /** Deletes a little of what is older than it is kept for. */
  expire(now: number, kept: HoursKept): void;
  pin(pin: PinTask): void;
  /** Writes a whole copy, also of a file that somebody has deleted while it is open here. */
  copyTo(path: string): void;
  close(): void;
}

interface WaitingHour extends ShardHourId {
  readonly points: readonly string[];
}

/** For a series that has no name: there is none, unless the file is damaged. */
const noFacts: PointFacts = { isState: false, holdMs: 0 };

/** A minute is merged this long after its end: most late answers are there by then. */
const graceMs = 15_000;
/** Readings ahead of time by more than this come from a wrong clock and are merged like any other. */
const aheadMs = 120_000;
/** A backlog is merged in transactions of this many ticks, or of less when they are large: a day's outage comes as large ones. */
const ticksPerMerge = 2_000;
const bytesPerMerge = 16_000_000;

/** Owns the database and its statements: a statement used after its database was garbage-collected crashes the process. */
export function openStore(path: string): Store {
  const database = openForWriting(path);
  const allSeries = database.prepare('select id, point from series');
  const insertSeries = database.prepare('insert into series (id, point) values (?, ?)');
  const insertTick = database.prepare('insert into tick (min_at, max_at, readings) values (?, ?, ?)');
  const putTick = database.prepare('insert into tick (id, min_at, max_at, readings) values (?, ?, ?, ?)');
  const tickSizes = database.prepare(
    'select id, length(readings) as bytes from tick where id > ? order by id limit ?',
  );
  const ticksUpTo = database.prepare('select id, readings from tick where id > ? and id <= ? order by id');
  const deleteTicks = database.prepare('delete from tick where id > ? and id <= ?');
  const readChunk = database.prepare('select readings from chunk where shard = ? and minute = ?');
  const putChunk = database.prepare(
    'insert or replace into chunk (shard, minute, readings) values (?, ?, ?)',
  );
  const readSnapshot = database.prepare('select readings from snapshot');
  const putSnapshot = database.prepare('insert or replace into snapshot (id, readings) values (0, ?)');

  const pointsOfShard = database.prepare('select id, point from series where id >= ? and id < ? order by id');
  const compaction = createCompaction(database, transaction);
  const expiry = createExpiry(database, transaction);
  const pins = createPins(database);
  const settlement = createSettlement(database, transaction);

  let ids = readSeries();

  function readSeries(): Map<string, number> {
    return new Map(seriesRows.parse(allSeries.all()).map(({ id, point }) => [point, id]));
  }

  function transaction(work: () => void): void {
    inTransaction(database, work);
  }

  function seriesOf(point: string): number {
    const known = ids.get(point);
    if (known !== undefined) return known;
    const id = ids.size;
    if (id >= mostSeries)
      throw new RangeError(`more than ${mostSeries} points: the file takes no further ones`);
    insertSeries.run(id, point);
    ids.set(point, id);
    return id;
  }

  function mergeGroup(group: Group): void {
    const row = blobRow.optional().parse(readChunk.get(group.shard, group.minute));
    const stored = row === undefined ? undefined : readableChunk(row.readings);
    putChunk.run(group.shard, group.minute, mergeIntoChunk(stored, group));
  }

  /** Returns the id of the last tick looked at, undefined when there was none. */
  function mergeAfter(id: number, keep: { from: number; to: number }): number | undefined {
    const lastId = endOfMerge(sizeRows.parse(tickSizes.all(id, ticksPerMerge)));
    if (lastId === undefined) return undefined;
    const rows = tickRows.parse(ticksUpTo.all(id, lastId));
    const { groups, rest } = groupByChunk(
      rows.map((row) => decodeColumns(row.readings)),
      keep,
    );
    if (groups.length === 0) return lastId;
    const snapshot = readableSnapshot(blobRow.optional().parse(readSnapshot.get())?.readings);
    for (const { columns } of groups) {
      for (let i = 0; i < columns.at.length; i += 1) {
        snapshot.add(columns.series[i] ?? 0, {
          at: columns.at[i] ?? 0,
          value: columns.value[i] ?? Number.NaN,
          quality: columns.quality[i] ?? 0,
        });
      }
    }
    transaction(() => {
      groups.forEach(mergeGroup);
      deleteTicks.run(id, lastId);
      if (rest.at.length > 0) putTick.run(lastId, ...spanOf(rest.at), encodeColumns(rest));
      putSnapshot.run(snapshot.encode());
    });
    return lastId;
  }

  return {
    append(batch, throughPowerCut = false) {
      if (batch.points.length === 0) return;
      if (throughPowerCut) database.exec('pragma synchronous = full');
      try {
        transaction(() => {
          const series = Uint32Array.from(batch.points, seriesOf);
          const columns: Columns = { value: batch.value, at: batch.at, series, quality: batch.quality };
          insertTick.run(...spanOf(batch.at), encodeColumns(columns));
        });
      } catch (error) {
        ids = readSeries();
        throw error;
      } finally {
        if (throughPowerCut) database.exec('pragma synchronous = normal');
      }
    },
    merge(now) {
      const from = Math.floor((now - graceMs) / chunkMs) * chunkMs;
      let done: number | undefined = 0;
      while (done !== undefined) done = mergeAfter(done, { from, to: now + aheadMs });
    },
    nextHour(now, except) {
      const next = compaction.next(now, except);
      if (next === undefined) return undefined;
      const first = next.shard * seriesPerShard;
      const named = seriesRows.parse(pointsOfShard.all(first, first + seriesPerShard));
      return { ...next, points: named.map(({ point }) => point) };
    },
    compact: (asked, facts) => compaction.compact(asked, (local) => facts[local] ?? noFacts),
    settle: (now) => settlement.settleNext(now),
    expire: (now, kept) => expiry.expire(now, kept),
    pin({ name, points, from, to }) {
      try {
        transaction(() => pins.put({ name, from, to }, points.map(seriesOf))); // prettier-ignore
      } catch (error) {
        ids = readSeries();
        throw error;
      }
    },
    copyTo: (copy) => void database.prepare('vacuum into ?').run(copy),
    close: () => database.close(),
  };
}

function spanOf(at: Float64Array): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (const time of at) {
    if (time < min) min = time;
    if (time > max) max = time;
  }
  return [min, max];
}

/** The last of the ticks that are merged at once; undefined when there is none. */
function endOfMerge(ticks: readonly { readonly id: number; readonly bytes: number }[]): number | undefined {
  let bytes = 0;
  const over = ticks.findIndex((tick) => (bytes += tick.bytes) > bytesPerMerge);
  return ticks[over === -1 ? ticks.length - 1 : over]?.id;
}
