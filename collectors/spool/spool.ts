import type { NamedReading } from '../../core/reading.ts';
import { decodeBatch, encodeBatch, joinColumns, partOf, spanOf } from './codec.ts';
import type { Columns } from '../../core/columns.ts';
import { createDictionary } from './dictionary.ts';
import { batchRow, bytesInUse, closeDatabase, openDatabase, sumRow, type BatchRow } from './schema.ts';
import { createTallies, type Tally } from './tally.ts';

/** What a batch is called for ever, once it was sent. */
export interface BatchName {
  readonly run: string;
  readonly sequence: number;
}

export interface SpooledBatch {
  readonly id: number;
  /** Undefined: never sent. */
  readonly name: BatchName | undefined;
  readonly readings: readonly NamedReading[];
}

export interface SpoolFigures {
  readonly readings: number;
  readonly oldestAt: number | null;
  readonly bytes: number;
  readonly lost: Tally;
  readonly refused: { readonly readings: number; readonly reason: string | null };
}

/**
 * Readings that wait on disk, one owner, synchronous. Every method but `close` throws when the disk does not take a change;
 * what was there before is then still there. What a method has changed when it returns survives kill -9 and power cut.
 */
export interface Spool {
  /** The last process that held it did not end in order: what it had not yet written is lost, nothing else. */
  readonly interrupted: boolean;
  /** Returns the batch's id. Drops the oldest, counted, when the limit is passed. */
  put(readings: readonly NamedReading[], name?: BatchName): number;
  /** The oldest batch that waits and is not in `except`; one that is damaged is dropped and counted. */
  next(except: ReadonlySet<number>): SpooledBatch | undefined;
  name(id: number, name: BatchName): void;
  remove(id: number): void;
  /** Refused for good: kept for whoever looks, delivered no more. */
  setAside(id: number, reason: string): void;
  /** Into two halves without a name: it was too large for somebody on the way. */
  split(id: number): void;
  countLost(lost: Tally): void;
  state(): SpoolFigures;
  close(): void;
}

/** Small batches that were never sent are joined: a minute's readings together take a third of the room. */
const joinAt = { batches: 60, readings: 10_000 };

/** Throws SpoolLockedError, SpoolDamagedError or what the disk says. */
export function openSpool({
  path,
  limitBytes,
}: {
  readonly path: string;
  readonly limitBytes: number;
}): Spool {
  const database = openDatabase(path);
  const columns = 'id, run, sequence, readings, first_at, last_at, body';
  const add = database.prepare(`insert into batch (${columns}) values (?, ?, ?, ?, ?, ?, ?)`);
  const get = database.prepare(`select ${columns} from batch where id = ?`);
  const waiting = database.prepare(
    `select ${columns} from batch where refused is null and id > ? order by id limit 1`,
  );
  const oldest = database.prepare(`select ${columns} from batch order by refused is null, id limit 1`);
  const setName = database.prepare('update batch set run = ?, sequence = ? where id = ?');
  const refuse = database.prepare('update batch set refused = ? where id = ?');
  const remove = database.prepare('delete from batch where id = ?');
  const sum = database.prepare(
    `select max(id) as last_id, sum(readings) filter (where refused is null) as readings,
      min(first_at) filter (where refused is null) as oldest from batch`,
  );
  const used = bytesInUse(database);
  const dictionary = createDictionary(database);
  const tallies = createTallies(database);
  const interrupted = tallies.hold(true);
  let lastId = sumRow.parse(sum.get()).last_id ?? 0;
  /** Of this process, not sent, and not joined yet; ascending. */
  let small: { readonly id: number; readonly readings: number }[] = [];

  function transaction(work: () => void): void {
    database.exec('begin immediate');
    try {
      work();
      database.exec('commit');
    } catch (error) {
      if (database.isTransaction) database.exec('rollback');
      dictionary.reload();
      throw error;
    }
  }

  function insert(id: number, all: Columns, name?: BatchName): void {
    const { from, to } = spanOf(all.at);
    add.run(id, name?.run ?? null, name?.sequence ?? null, all.at.length, from, to, encodeBatch(all));
  }

  function rowOf(id: number): BatchRow | undefined {
    return batchRow.optional().parse(get.get(id));
  }

  function forget(id: number): void {
    small = small.filter((each) => each.id !== id);
  }

  function drop(row: BatchRow): void {
    transaction(() => {
      remove.run(row.id);
      tallies.addLost({ readings: row.readings, from: row.first_at, to: row.last_at });
    });
    forget(row.id);
  }

  function keepWithinLimit(): void {
    while (used() > limitBytes) {
      const row = batchRow.optional().parse(oldest.get());
      if (row === undefined || row.id === lastId) return;
      drop(row);
    }
  }

  function join(): void {
    const rows = small.flatMap(({ id }) => rowOf(id) ?? []);
    const [first] = rows;
    small = [];
    if (first === undefined || rows.length < 2) return;
    transaction(() => {
      const joined = joinColumns(rows.map(({ body }) => decodeBatch(body)));
      for (const { id } of rows) remove.run(id);
      insert(first.id, joined);
    });
  }

  function read(row: BatchRow): SpooledBatch | undefined {
    const { id, run, sequence } = row;
    try {
      const name = run === null || sequence === null ? undefined : { run, sequence };
      return { id, name, readings: dictionary.toReadings(decodeBatch(row.body)) };
    } catch {
      drop(row);
      return undefined;
    }
  }

  return {
    interrupted,
    put(readings, name) {
      const id = lastId + 1;
      transaction(() => insert(id, dictionary.toColumns(readings), name));
      lastId = id;
      if (name === undefined) small.push({ id, readings: readings.length });
      const joinable = small.reduce((total, each) => total + each.readings, 0);
      if (small.length >= joinAt.batches || joinable >= joinAt.readings) join();
      keepWithinLimit();
      return id;
    },
    next(except) {
      for (let after = 0; ;) {
        const row = batchRow.optional().parse(waiting.get(after));
        if (row === undefined) return undefined;
        if (small.length > 1 && small[0]?.id === row.id && !except.has(row.id)) {
          join();
          continue;
        }
        after = row.id;
        const batch = except.has(row.id) ? undefined : read(row);
        if (batch !== undefined) return batch;
      }
    },
    name(id, { run, sequence }) {
      setName.run(run, sequence, id);
      forget(id);
    },
    remove(id) {
      remove.run(id);
      forget(id);
    },
    setAside(id, reason) {
      const row = rowOf(id);
      if (row === undefined) return;
      transaction(() => {
        refuse.run(reason, id);
        tallies.addRefused(row.readings, reason);
      });
      forget(id);
    },
    split(id) {
      const row = rowOf(id);
      if (row === undefined) return;
      const all = decodeBatch(row.body);
      const middle = Math.ceil(all.at.length / 2);
      transaction(() => {
        remove.run(id);
        insert(id, partOf(all, 0, middle));
        insert(lastId + 1, partOf(all, middle, all.at.length));
      });
      lastId += 1;
      forget(id);
    },
    countLost: (lost) => transaction(() => tallies.addLost(lost)),
    state() {
      const { readings, oldest: oldestAt } = sumRow.parse(sum.get());
      return { readings: readings ?? 0, oldestAt, bytes: used(), ...tallies.read() };
    },
    close() {
      tallies.hold(false);
      closeDatabase(database);
    },
  };
}
