import { statSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { z } from 'zod';
import { isDamage } from '../damage.ts';
import { type Tally, addTallies } from '../buffer.ts';

export type Database = InstanceType<typeof DatabaseSync>;

/**
 * `batch` in the order of arrival: `run` and `sequence` once it was sent, `refused` the receiver's reason once it was rejected.
 * `tally` counts what was lost or rejected since the file was made. `held`: 1 while a process has it open.
 * The two partial indexes let a queue of a day be counted, and its oldest batch be found, without reading the bodies.
 */
const schema = `
  create table if not exists point (id integer primary key, name text not null unique);
  create table if not exists batch (
    id integer primary key, run text, sequence integer, refused text,
    readings integer not null, first_at real not null, last_at real not null, body blob not null);
  create index if not exists batch_waiting on batch (id, readings, first_at) where refused is null;
  create index if not exists batch_refused on batch (id) where refused is not null;
  create table if not exists tally (
    id integer primary key check (id = 0), held integer not null default 0,
    lost integer not null default 0, lost_from real, lost_to real,
    refused integer not null default 0, refused_reason text);
  insert or ignore into tally (id) values (0);
`;

/** Another process has the file open. */
export class BufferLockedError extends Error {}
/** The file is not as it was written. */
export class BufferDamagedError extends Error {}

/** Larger files are not read through at the start; damage is then found when a page is read. */
const checkUpToBytes = 64_000_000;

/**
 * FULL: what was acknowledged must survive a power cut, at about one commit a second. The exclusive lock is the kernel's and
 * ends with the process, however it ends. Throws BufferLockedError, BufferDamagedError or the disk's own error.
 */
export function openDatabase(path: string): Database {
  const database = new DatabaseSync(path);
  try {
    database.exec('pragma locking_mode = exclusive;');
    useWriteAheadLog(database);
    database.exec('pragma synchronous = full; begin immediate; commit;');
    if (statSync(path).size <= checkUpToBytes) {
      const { quick_check: verdict } = checkRow.parse(database.prepare('pragma quick_check(1)').get());
      if (verdict !== 'ok') throw new BufferDamagedError(`malformed: ${verdict}`);
    }
    database.exec(schema);
  } catch (error) {
    closeDatabase(database);
    throw translated(error);
  }
  return database;
}

/** A full disk has no room for the log. A file that was closed in order can still be read without it, and written once there is room. */
function useWriteAheadLog(database: Database): void {
  try {
    database.exec('pragma journal_mode = wal;');
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('full'))) throw error;
  }
}

/** Releases the lock at once: the driver's statements keep the file open until they are garbage-collected. */
export function closeDatabase(database: Database): void {
  try {
    database.exec(
      'pragma journal_mode = delete; pragma locking_mode = normal; select count(*) from sqlite_master;',
    );
  } catch {
    // A full disk, or not a database at all: closing is all that can be done.
  }
  database.close();
}

function translated(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/locked|busy/i.test(message)) return new BufferLockedError(message);
  return isDamage(error) ? new BufferDamagedError(message) : error;
}

const checkRow = z.object({ quick_check: z.string() });
export const batchRow = z.object({
  id: z.number(),
  run: z.string().nullable(),
  sequence: z.number().nullable(),
  readings: z.number(),
  first_at: z.number(),
  last_at: z.number(),
  body: z.instanceof(Uint8Array),
});
export type BatchRow = z.infer<typeof batchRow>;
export const pointRows = z.array(z.object({ id: z.number(), name: z.string() }));
export const sumRow = z.object({
  readings: z.number().nullable(),
  oldest: z.number().nullable(),
});
export const lastIdRow = z.object({ last_id: z.number().nullable() });
const tallyRow = z.object({
  held: z.number(),
  lost: z.number(),
  lost_from: z.number().nullable(),
  lost_to: z.number().nullable(),
  refused: z.number(),
  refused_reason: z.string().nullable(),
});

const pragmaRow = z.object({
  page_count: z.number().optional(),
  freelist_count: z.number().optional(),
  page_size: z.number().optional(),
});

/** Bytes in use. A SQLite file does not shrink; pages of delivered batches are free for new ones. */
export function bytesInUse(database: Database): () => number {
  const pages = database.prepare('pragma page_count');
  const free = database.prepare('pragma freelist_count');
  const { page_size: size = 4_096 } = pragmaRow.parse(database.prepare('pragma page_size').get());
  return () => {
    const { page_count: all = 0 } = pragmaRow.parse(pages.get());
    const { freelist_count: unused = 0 } = pragmaRow.parse(free.get());
    return (all - unused) * size;
  };
}

/** What was lost and what was rejected since the file was made. */
export interface Tallies {
  read(): { lost: Tally; refused: { readings: number; reason: string | null } };
  addLost(lost: Tally): void;
  addRefused(readings: number, reason: string): void;
  /**
   * Marks the file as held by a process or released. A full disk that does not take the mark must not stop a start. Returns whether
   * the last process that held it never released it.
   */
  hold(held: boolean): boolean;
}

export function createTallies(database: Database): Tallies {
  const select = database.prepare('select * from tally');
  const setLost = database.prepare('update tally set lost = ?, lost_from = ?, lost_to = ?');
  const addRefused = database.prepare('update tally set refused = refused + ?, refused_reason = ?');
  const setHeld = database.prepare('update tally set held = ?');
  const row = () => tallyRow.parse(select.get());

  function read(): ReturnType<Tallies['read']> {
    const { lost, lost_from: from, lost_to: to, refused, refused_reason: reason } = row();
    return { lost: { readings: lost, from, to }, refused: { readings: refused, reason } };
  }
  return {
    read,
    addLost(lost) {
      const total = addTallies(read().lost, lost);
      setLost.run(total.readings, total.from, total.to);
    },
    addRefused: (readings, reason) => void addRefused.run(readings, reason),
    hold(held) {
      const before = row().held === 1;
      try {
        setHeld.run(held ? 1 : 0);
      } catch {
        // The next start then cannot know how this run ended.
      }
      return before;
    },
  };
}
