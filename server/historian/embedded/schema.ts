import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { z } from 'zod';

export type Database = InstanceType<typeof DatabaseSync>;

/**
 * The file's layout, in its `user_version`; 0 are files from before there were hours, 1 those of a row a series and hour. A newer one is left alone: what this program does
 * not know of it, it would not keep.
 */
const fileVersion = 2;

/**
 * `tick`: one append each, in the order of arrival, until its minute is merged. `chunk`: the merged minutes of hours that are not over.
 * `snapshot`: the newest and the oldest time of every series as far as chunks go; written in the merge's transaction, so
 * snapshot and remaining ticks together are always complete.
 * `raw_pack`, `minutes_pack`, `hours`, `days`: finished hours (layout.ts); `raw` and `minutes` hold those that were written in layout 1. `stored_hour`: the hours that ever held readings, and whether their raw
 * readings and minutes are still there. `unsettled`: days whose hours and days are not written yet, or not as their minutes are now.
 */
const schema = `
  create table if not exists series (id integer primary key, point text not null unique);
  create table if not exists tick (id integer primary key, min_at real not null, max_at real not null, readings blob not null);
  create table if not exists chunk (shard integer not null, minute integer not null, readings blob not null, primary key (shard, minute));
  create index if not exists chunk_by_minute on chunk (minute);
  create table if not exists snapshot (id integer primary key check (id = 0), readings blob not null);
  create table if not exists raw (id integer primary key, data blob not null);
  create table if not exists minutes (id integer primary key, data blob not null);
  create table if not exists raw_pack (id integer primary key, data blob not null);
  create table if not exists minutes_pack (id integer primary key, data blob not null);
  create table if not exists hours (id integer primary key, data blob not null);
  create table if not exists days (id integer primary key, data blob not null);
  create table if not exists stored_hour (hour integer primary key, raw integer not null, minutes integer not null);
  create table if not exists unsettled (shard integer not null, day integer not null, primary key (shard, day)) without rowid;
  create table if not exists pin (name text primary key, begin real not null, finish real not null) without rowid;
  create table if not exists pin_series (name text not null, series integer not null, primary key (name, series)) without rowid;
`;

/** One connection writes, in the worker. NORMAL: survives kill -9 of the process; a power cut may cost the last moments. */
export function openForWriting(path: string): Database {
  if (existsSync(path)) refuseNewer(path);
  const database = new DatabaseSync(path);
  try {
    // Of a new file: blobs of some hundred bytes leave less of a larger page unused.
    database.exec('pragma page_size = 8192');
    database.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = normal;');
    database.exec(schema);
    database.exec(`pragma user_version = ${fileVersion}`);
    refuseTruncated(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Before anything is written to it. */
function refuseNewer(path: string): void {
  const database = openForReading(path);
  try {
    const version = versionRow.parse(database.prepare('pragma user_version').get()).user_version;
    if (version > fileVersion)
      throw new Error(
        `${path} was written by a newer version of Pantau DC (layout ${version}, this one knows ${fileVersion}): start that version again, or move the file away to begin a new one`,
      );
  } finally {
    database.close();
  }
}

/** SQLite notices missing pages only when it comes to read them, which may be in a year. */
function refuseTruncated(database: Database, path: string): void {
  database.exec('pragma wal_checkpoint(passive)');
  const header = Buffer.alloc(32);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    const expected = header.readUInt32BE(28) * pageBytes;
    const { size } = fstatSync(file);
    if (size < expected) throw new Error(`malformed: the file is truncated, ${size} of ${expected} bytes`);
  } finally {
    closeSync(file);
  }
}

export function openForReading(path: string): Database {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec('pragma busy_timeout = 5000;');
  return database;
}

/** The driver returns untyped rows: every query's result goes through one of these. */
export const blobRow = z.object({ readings: z.instanceof(Uint8Array) });
export const sizeRows = z.array(z.object({ id: z.number(), bytes: z.number() }));
export const tickRows = z.array(blobRow.extend({ id: z.number() }));
/** Null, or no row, when there are fewer minutes. */
export const minuteRow = z.object({ minute: z.number().nullable() }).default({ minute: null });
const versionRow = z.object({ user_version: z.number() });
const chunkRow = z.object({ minute: z.number(), readings: z.instanceof(Uint8Array) });
export const chunkRows = z.array(chunkRow);
export const seriesRow = z.object({ id: z.number(), point: z.string() });
export const seriesRows = z.array(seriesRow);
