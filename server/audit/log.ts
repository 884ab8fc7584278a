import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Executor } from '../db/schema.ts';
import type { LogEntryTable, LogNodeTable, LogPersonalTable } from '../db/schema/log.ts';
import { inChunks } from '../db/rows.ts';
import { commit, leafOf, type LogKind, type Provable } from './record.ts';
import {
  foldRight,
  grow,
  type Frontier,
  type Hash,
  type Range,
  emptyRoot,
  subtreesOf,
} from '../../core/log/tree.ts';

/**
 * Subtrees are stored at every eighth level, and leaves are level 0: a proof reads at most 256 rows of each stored level, and an entry
 * costs one row and 1/256 of another.
 */
export const storedLevels = 8;

const hashesSchema = z.array(z.string());

/** What is appended together, in its order. */
export interface Appending {
  readonly kind: LogKind;
  readonly row: Provable;
}

/**
 * Appends to the log that proves itself. To be called in the transaction that writes the rows, after them: either both are there or
 * neither, and the number of an entry is taken in the order of commits, without holes.
 */
export async function appendToLog(trx: Executor, records: readonly Appending[]): Promise<void> {
  if (records.length === 0) return;
  // Also the lock: nobody else can append until this transaction ends.
  const head = await trx
    .updateTable('log_head')
    .set((eb) => ({ size: eb.ref('size') }))
    .where('id', '=', 1)
    .returning(['size', 'frontier'])
    .executeTakeFirstOrThrow();
  let frontier: Frontier = { size: head.size, hashes: hashesSchema.parse(JSON.parse(head.frontier)) };
  const entries: LogEntryTable[] = [];
  const nodes: LogNodeTable[] = [];
  const personal: LogPersonalTable[] = [];
  for (const { kind, row } of records) {
    const sequence = frontier.size;
    const committed = Object.entries(row.personal).map(([field, value]) => {
      const salt = randomBytes(16).toString('base64');
      return { field, salt, commitment: commit(value, salt) };
    });
    const leaf = leafOf({ sequence, kind, ref: row.ref }, row, committed);
    entries.push({ sequence, kind, ref: row.ref, leaf });
    personal.push(...committed.map((each) => ({ sequence, ...each })));
    frontier = grow(frontier, leaf, ({ level, place }, hash) => {
      if (level > 0 && level % storedLevels === 0) nodes.push({ level, place, hash });
    });
  }
  await inChunks(entries, (some) => trx.insertInto('log_entry').values([...some]).execute()); // prettier-ignore
  await inChunks(nodes, (some) => trx.insertInto('log_node').values([...some]).execute()); // prettier-ignore
  await inChunks(personal, (some) => trx.insertInto('log_personal').values([...some]).execute()); // prettier-ignore
  await trx
    .updateTable('log_head')
    .set({ size: frontier.size, frontier: JSON.stringify(frontier.hashes) })
    .where('id', '=', 1)
    .execute();
}

export async function readHead(db: Executor): Promise<Frontier & { readonly checkpoints: number }> {
  const { size, frontier, checkpoints } = await db
    .selectFrom('log_head')
    .selectAll()
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  return { size, hashes: hashesSchema.parse(JSON.parse(frontier)), checkpoints };
}

/** Hashes of the nodes of a proof. */
export async function hashesOf(db: Executor, ranges: readonly Range[]): Promise<Hash[]> {
  const hashes: Hash[] = [];
  for (const range of ranges) {
    const parts: Hash[] = [];
    for (const { level, place } of subtreesOf(range)) parts.push(await subtreeHash(db, level, place));
    hashes.push(foldRight(parts) ?? emptyRoot);
  }
  return hashes;
}

async function subtreeHash(db: Executor, level: number, place: number): Promise<Hash> {
  const stored = level - (level % storedLevels);
  const width = 2 ** (level - stored);
  const [from, to] = [place * width, (place + 1) * width];
  const rows =
    stored === 0
      ? await db
          .selectFrom('log_entry')
          .select('leaf as hash')
          .where('sequence', '>=', from)
          .where('sequence', '<', to)
          .orderBy('sequence')
          .execute()
      : await db
          .selectFrom('log_node')
          .select('hash')
          .where('level', '=', stored)
          .where('place', '>=', from)
          .where('place', '<', to)
          .orderBy('place')
          .execute();
  if (rows.length !== width)
    throw new LogDamaged(`${width - rows.length} hashes of subtree ${level}/${place} are missing`);
  // A whole subtree of 2^n hashes: its tree is the balanced one.
  let frontier: Frontier = { size: 0, hashes: [] };
  for (const { hash } of rows) frontier = grow(frontier, hash);
  return foldRight(frontier.hashes) ?? emptyRoot;
}

/** Rows of the log are missing: `pantau verify-log` tells which. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
}
