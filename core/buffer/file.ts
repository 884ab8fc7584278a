import type { Batch, BatchName, BufferState, Tally } from '../buffer.ts';
import type { Columns } from '../columns.ts';
import { inTransaction } from '../in-transaction.ts';
import { isDamage, setFileAside } from '../damage.ts';
import type { NamedReading } from '../reading.ts';
import { createDictionary, decodeBatch, encodeBatch, joinColumns, partOf, spanOf } from './codec.ts';
import {
  type BatchRow,
  BufferDamagedError,
  batchRow,
  bytesInUse,
  closeDatabase,
  createTallies,
  lastIdRow,
  openDatabase,
  sumRow,
} from './schema.ts';
import type { BufferLog } from './disk.ts';

/**
 * Batches of readings in a SQLite file with one owner; synchronous. Every method but `close` throws when the disk does not take
 * a change; what was there before is then still there. What a method has changed when it returns survives kill -9 and a power cut.
 */
export interface BatchFile {
  /** The last process that had it open was killed: what it had not put by then is lost, nothing else. */
  readonly interrupted: boolean;
  /** Returns the batch's id. Drops the oldest, counted, when the limit is passed. */
  put(readings: readonly NamedReading[], name?: BatchName): number;
  /** The oldest batch that waits and is not in `except`; a damaged one is dropped and counted. */
  next(except: ReadonlySet<number>): Batch | undefined;
  name(id: number, name: BatchName): void;
  remove(id: number): void;
  /** Rejected: kept for inspection, not handed out any more. */
  setAside(id: number, reason: string): void;
  /** Into two halves without a name. */
  split(id: number): void;
  countLost(lost: Tally): void;
  state(): Omit<BufferState, 'problem'>;
  close(): void;
}

/** Small batches that were never sent are joined: a minute's readings together take a third of the space. */
const joinAt = { batches: 60, readings: 10_000 };

/** Throws BufferLockedError, BufferDamagedError or the disk's own error. */
export function openBatchFile({
  path,
  limitBytes,
}: {
  readonly path: string;
  readonly limitBytes: number;
}): BatchFile {
  const database = openDatabase(path);
  const columns = 'id, run, sequence, readings, first_at, last_at, body';
  const add = database.prepare(`insert into batch (${columns}) values (?, ?, ?, ?, ?, ?, ?)`);
  const get = database.prepare(`select ${columns} from batch where id = ?`);
  const waiting = database.prepare(
    `select ${columns} from batch where refused is null and id > ? order by id limit 1`,
  );
  const oldestRefused = database.prepare(
    `select ${columns} from batch where refused is not null order by id limit 1`,
  );
  const setName = database.prepare('update batch set run = ?, sequence = ? where id = ?');
  const refuse = database.prepare('update batch set refused = ? where id = ?');
  const remove = database.prepare('delete from batch where id = ?');
  const sum = database.prepare(
    'select sum(readings) as readings, min(first_at) as oldest from batch where refused is null',
  );
  const used = bytesInUse(database);
  const dictionary = createDictionary(database);
  const tallies = createTallies(database);
  const interrupted = tallies.hold(true);
  let lastId = lastIdRow.parse(database.prepare('select max(id) as last_id from batch').get()).last_id ?? 0;
  /** Put by this process, neither sent nor joined yet; ascending. */
  let small: { readonly id: number; readonly readings: number }[] = [];

  function transaction(work: () => void): void {
    try {
      inTransaction(database, work);
    } catch (error) {
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
      const row = batchRow.optional().parse(oldestRefused.get() ?? waiting.get(0));
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

  /** Work that a full disk may refuse without harm: the batches themselves are stored. */
  function tidy(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (isDamage(error)) throw error;
    }
  }

  function read(row: BatchRow): Batch | undefined {
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
      tidy(() => {
        if (small.length >= joinAt.batches || joinable >= joinAt.readings) join();
        keepWithinLimit();
      });
      return id;
    },
    next(except) {
      for (let after = 0; ;) {
        const row = batchRow.optional().parse(waiting.get(after));
        if (row === undefined) return undefined;
        if (small.length > 1 && small[0]?.id === row.id && !except.has(row.id)) {
          tidy(join);
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

export interface FileOptions {
  readonly path: string;
  readonly limitBytes: number;
  readonly log: BufferLog;
  /** Epoch ms, for the name of a file that is set aside. */
  readonly now: () => number;
}

/** Opens the file; one that is damaged is set aside and replaced, so that collecting continues. Throws BufferLockedError or the disk's own error. */
export function openOrReplaceFile(options: FileOptions): BatchFile {
  const { path, limitBytes, log } = options;
  try {
    const file = openBatchFile({ path, limitBytes });
    if (file.interrupted)
      log.warn({ path }, 'buffer: the last run was killed; what it read in its last second is lost');
    return file;
  } catch (error) {
    if (!(error instanceof BufferDamagedError)) throw error;
    setAside(options, error.message);
    return openBatchFile({ path, limitBytes });
  }
}

/** Renames the file and its log; it must not be open. */
export function setAside({ path, log, now }: FileOptions, reason: string): void {
  const aside = setFileAside(path, now());
  log.error({ reason, aside }, 'buffer: the file is damaged; it is set aside and a new one begun');
}
