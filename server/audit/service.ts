import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { grouped } from '../../core/grouped.ts';
import { repeat } from '../../core/repeat.ts';
import type { Database } from '../db/schema.ts';
import type { LogCheckpointTable, LogEntryTable, LogWitnessTable } from '../db/schema/log.ts';
import { appendToLog, hashesOf, readHead } from './log.ts';
import {
  countersignedAt,
  isCountersigned,
  signCheckpoint,
  verifierKey,
  type Signer,
} from '../../core/log/note.ts';
import { leafData } from './record.ts';
import { isLogKind, provableKey, sources } from './sources.ts';
import { consistencyRanges, inclusionRanges, rootOf, type Hash, type TreeHead } from '../../core/log/tree.ts';

/** The proof, with the tree head that it is for. */
export interface LogProof extends TreeHead {
  readonly hashes: readonly Hash[];
}

interface LogEntryData extends LogEntryTable {
  /** What the leaf is the hash of; null: its row is gone. */
  readonly data: string | null;
}

/** The log that proves itself, as it is served: checkpoints signed every minute, entries and proofs. */
export interface LogService {
  readonly key: string;
  /** Ed25519, base64. */
  readonly publicKey: string;
  size(): Promise<number>;
  /** The newest one, or the one of a number. */
  checkpoint(number?: number): Promise<LogCheckpointTable | undefined>;
  /** Entries from `from` on. */
  entries(from: number, limit: number): Promise<LogEntryData[]>;
  /** Where a row is in the log. */
  find(kind: string, ref: string): Promise<number | undefined>;
  /** That an entry is in the log of that size. */
  inclusion(sequence: number, size: number): Promise<LogProof>;
  /** That the log of `second` entries begins with the log of `first`. */
  consistency(first: number, second: number): Promise<LogProof>;
  witnesses(): Promise<(LogWitnessTable & { readonly size: number | null })[]>;
  /** Takes a collector's countersignature; a sentence when it is not one. */
  addCountersignature(witness: {
    readonly name: string;
    readonly key: string;
    readonly number: number;
    readonly line: string;
  }): Promise<string | undefined>;
  /** A witness refused a checkpoint, or none can be signed. */
  problem(): string | undefined;
  /** What a witness reports of its own accord. */
  report(problem: string): void;
  /** Signs what is there now, unless nothing has changed. */
  checkpointNow(): Promise<void>;
  close(): Promise<void>;
}

const everyMs = 60_000;

export async function openLog(options: {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signer: Signer;
}): Promise<LogService> {
  const { db, clock, log, signer } = options;
  await enterKey(db, signer.publicKey);
  let failure: string | undefined;
  let reported: string | undefined;

  async function headAt(size: number): Promise<TreeHead> {
    return { size, root: (await hashesOf(db, [[0, size]]))[0] ?? '' };
  }

  async function checkpointNow(): Promise<void> {
    await db.transaction().execute(async (trx) => {
      // The lock of whoever appends: the head and the number are taken together.
      await trx
        .updateTable('log_head')
        .set((eb) => ({ size: eb.ref('size') }))
        .where('id', '=', 1)
        .execute();
      const head = await readHead(trx);
      const number = head.checkpoints + 1;
      const last = await newest(trx);
      // Without an entry there is nothing new to sign; a time alone would prove nothing.
      if (last?.size === head.size) return;
      const at = clock.now();
      const { size } = head;
      const root = rootOf(head);
      const note = signCheckpoint({ origin: signer.name, size, root, number, at }, signer);
      await trx.insertInto('log_checkpoint').values({ number, size, root, at, note }).execute();
      await trx.updateTable('log_head').set({ checkpoints: number }).where('id', '=', 1).execute();
    });
  }

  const newest = (on: Pick<Database, 'selectFrom'>): Promise<LogCheckpointTable | undefined> =>
    on.selectFrom('log_checkpoint').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();

  const numbered = (number: number): Promise<LogCheckpointTable | undefined> =>
    db.selectFrom('log_checkpoint').selectAll().where('number', '=', number).executeTakeFirst();

  const signing = repeat(clock, { everyMs }, async () => {
    try {
      await checkpointNow();
      failure = undefined;
    } catch (error) {
      if (failure === undefined) log.error({ err: error }, 'no checkpoint of the log can be signed');
      failure = `no checkpoint can be signed: ${error instanceof Error ? error.message : String(error)}`;
    }
  });

  return {
    key: verifierKey(signer),
    publicKey: signer.publicKey,
    size: async () => (await readHead(db)).size,
    checkpoint: (number) => (number === undefined ? newest(db) : numbered(number)),
    async entries(from, limit) {
      const rows = await db
        .selectFrom('log_entry')
        .selectAll()
        .where('sequence', '>=', from)
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return withData(db, rows);
    },
    async find(kind, ref) {
      const row = await db
        .selectFrom('log_entry')
        .select('sequence')
        .where('ref', '=', ref)
        .where('kind', '=', kind)
        .executeTakeFirst();
      return row?.sequence;
    },
    async inclusion(sequence, size) {
      return { ...(await headAt(size)), hashes: await hashesOf(db, inclusionRanges(sequence, size)) };
    },
    async consistency(first, second) {
      return { ...(await headAt(second)), hashes: await hashesOf(db, consistencyRanges(first, second)) };
    },
    witnesses: () =>
      db
        .selectFrom('log_witness')
        .leftJoin('log_checkpoint', 'log_checkpoint.number', 'log_witness.number')
        .selectAll('log_witness')
        .select('log_checkpoint.size as size')
        .orderBy('log_witness.name')
        .execute(),
    async addCountersignature({ name, key, number, line }) {
      const known = await db
        .selectFrom('log_witness')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst();
      if (known !== undefined && known.key !== key)
        return `the key of witness ${name} is not the one that it began with; if the collector was set up again, remove the row of log_witness`;
      const checkpoint = await numbered(number);
      if (checkpoint === undefined) return `there is no checkpoint ${number}`;
      if (!isCountersigned(checkpoint.note, line, { name, publicKey: key }))
        return `this is no countersignature of checkpoint ${number} by witness ${name}`;
      if (known !== undefined && known.number > number) return undefined;
      const row = { name, key, number, at: countersignedAt(line) ?? clock.now(), line };
      await db
        .insertInto('log_witness')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
        .execute();
      return undefined;
    },
    problem: () => reported ?? failure,
    report(problem) {
      if (reported !== problem) log.error({ reason: problem }, 'the log: a witness does not agree');
      reported = problem;
    },
    checkpointNow,
    close: () => signing.close(),
  };
}

/** The key is an entry as well, so that another one is noticed. */
async function enterKey(db: Database, publicKey: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const entered = await trx
      .selectFrom('log_entry')
      .select('sequence')
      .where('ref', '=', publicKey)
      .where('kind', '=', 'key')
      .executeTakeFirst();
    if (entered === undefined) await appendToLog(trx, [{ kind: 'key', row: provableKey(publicKey) }]);
  });
}

async function withData(db: Database, rows: readonly LogEntryTable[]): Promise<LogEntryData[]> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const personal = await db
    .selectFrom('log_personal')
    .selectAll()
    .where('sequence', '>=', first.sequence)
    .where('sequence', '<=', last.sequence)
    .execute();
  const committed = grouped(personal, ({ sequence }) => sequence);
  const data = new Map<number, string>();
  for (const [kind, some] of grouped(rows, (row) => row.kind)) {
    if (!isLogKind(kind)) continue;
    const found = new Map(
      (await sources[kind].load(db, some.map(({ ref }) => ref))).map((row) => [row.ref, row]),
    ); // prettier-ignore
    for (const entry of some) {
      const row = found.get(entry.ref);
      if (row === undefined) continue;
      const commitments = committed.get(entry.sequence) ?? [];
      const columns = row.columnsWithout(commitments.map(({ field }) => field));
      data.set(entry.sequence, leafData(entry, columns, commitments));
    }
  }
  return rows.map((row) => ({ ...row, data: data.get(row.sequence) ?? null }));
}
