import { DatabaseSync } from '@photostructure/sqlite';
import { z } from 'zod';

export type Database = InstanceType<typeof DatabaseSync>;

/**
 * `batch` in the order of arrival: `run` and `sequence` once it was sent, `refused` the server's reason once it is set aside.
 * `tally` counts what was lost or refused since the spool was made. `held`: 1 while a process has it open.
 */
const schema = `
  create table if not exists point (id integer primary key, name text not null unique);
  create table if not exists batch (
    id integer primary key, run text, sequence integer, refused text,
    readings integer not null, first_at real not null, last_at real not null, body blob not null);
  create table if not exists tally (
    id integer primary key check (id = 0), held integer not null default 0,
    lost integer not null default 0, lost_from real, lost_to real,
    refused integer not null default 0, refused_reason text);
  insert or ignore into tally (id) values (0);
`;

/** Another process has the spool open. */
export class SpoolLockedError extends Error {}
/** The file is not what it was when it was written. */
export class SpoolDamagedError extends Error {}

/**
 * FULL: what is acknowledged to nobody must survive a power cut, at one commit a second. The exclusive lock is the kernel's and
 * ends with the process, however it ends. Throws SpoolLockedError, SpoolDamagedError or what the disk says.
 */
export function openDatabase(path: string): Database {
  const database = new DatabaseSync(path);
  try {
    database.exec('pragma locking_mode = exclusive;');
    useLog(database);
    database.exec('pragma synchronous = full; begin immediate; commit;');
    const { quick_check: verdict } = checkRow.parse(database.prepare('pragma quick_check(1)').get());
    if (verdict !== 'ok') throw new SpoolDamagedError(verdict);
    database.exec(schema);
  } catch (error) {
    closeDatabase(database);
    throw translated(error);
  }
  return database;
}

/** A full disk has no room for a log; a spool that was closed in order is then read, and written again when there is room, without. */
function useLog(database: Database): void {
  try {
    database.exec('pragma journal_mode = wal;');
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('full'))) throw error;
  }
}

/** Lets go of the lock at once: the driver's statements keep the file open until they are collected. */
export function closeDatabase(database: Database): void {
  try {
    database.exec(
      'pragma journal_mode = delete; pragma locking_mode = normal; select count(*) from sqlite_master;',
    );
  } catch {
    // A disk that takes nothing, or a file that was never ours: closing is all there is to do.
  }
  database.close();
}

function translated(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/locked|busy/i.test(message)) return new SpoolLockedError(message);
  if (/malformed|not a database|no such column|has no column/i.test(message))
    return new SpoolDamagedError(message);
  return error;
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
  last_id: z.number().nullable(),
});
export const tallyRow = z.object({
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

/** Bytes that are in use: a file of SQLite does not shrink, what was delivered is free for what comes. */
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
