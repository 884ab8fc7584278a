import { hourMs, hourOf, seriesPerShard } from '../../server/historian/embedded/layout.ts';
import { createCompaction } from '../../server/historian/embedded/compaction.ts';
import { openForWriting } from '../../server/historian/embedded/schema.ts';
import { createSettlement } from '../../server/historian/embedded/settlement.ts';
import { readableSnapshot } from '../../server/historian/embedded/snapshot.ts';
import type { FactsOf, StoredReading } from '../../server/historian/historian.ts';
import { inTransaction } from '../../core/in-transaction.ts';

export interface History {
  readonly points: readonly string[];
  /** Ascending in time; every batch within one hour. */
  readonly batches: Iterable<readonly StoredReading[]>;
  /** Days that are over by then are settled. */
  readonly now: number;
}

interface OpenHour {
  readonly offset: number[];
  readonly value: number[];
  readonly quality: number[];
}

/**
 * Writes a new file of finished hours by the store's own steps, without the appends and minutes that come before them: what takes the store
 * a month of small appends takes some seconds. Returns how many readings that were.
 */
export function loadHistory(path: string, { points, batches, now }: History, facts: FactsOf): number {
  const database = openForWriting(path);
  const transaction = (work: () => void): void => inTransaction(database, work);
  const compaction = createCompaction(database, transaction);
  const settlement = createSettlement(database, transaction);
  const series = new Map(points.map((point, id) => [point, id]));
  const snapshot = readableSnapshot();
  let open = new Map<number, Map<number, OpenHour>>();
  let hour = Number.NaN;
  let readings = 0;

  function close(): void {
    for (const [shard, hours] of open) {
      const fresh = [...hours].map(
        ([local, { offset, value, quality }]) =>
          [
            local,
            {
              offset: Float64Array.from(offset),
              value: Float64Array.from(value),
              quality: Uint8Array.from(quality),
            },
          ] as const,
      );
      const first = shard * seriesPerShard;
      compaction.add({ hour, shard }, new Map(fresh), (local) => facts(points[first + local] ?? ''));
    }
    open = new Map();
  }

  function take({ point, at, value, quality }: StoredReading): void {
    const id = series.get(point);
    if (id === undefined) throw new RangeError(`${point} is not among the points of the history`);
    const shard = Math.floor(id / seriesPerShard);
    const hours = open.get(shard) ?? new Map<number, OpenHour>();
    open.set(shard, hours);
    const local = id % seriesPerShard;
    const own = hours.get(local) ?? { offset: [], value: [], quality: [] };
    hours.set(local, own);
    own.offset.push(at - hour * hourMs);
    own.value.push(value);
    own.quality.push(quality);
    snapshot.add(id, { at, value, quality });
    readings += 1;
  }

  try {
    const insert = database.prepare('insert into series (id, point) values (?, ?)');
    transaction(() => points.forEach((point, id) => insert.run(id, point)));
    for (const batch of batches) {
      const [first] = batch;
      if (first === undefined) continue;
      if (hourOf(first.at) !== hour) close();
      hour = hourOf(first.at);
      batch.forEach(take);
    }
    close();
    while (settlement.settleNext(now));
    database.prepare('insert or replace into snapshot (id, readings) values (0, ?)').run(snapshot.encode());
  } finally {
    database.close();
  }
  return readings;
}
