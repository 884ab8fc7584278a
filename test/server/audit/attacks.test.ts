import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../../core/log/note.ts';
import { appendToLog, type Appending } from '../../../server/audit/log.ts';
import { isLogKind, provableKey, sources } from '../../../server/audit/sources.ts';
import { verifyLog, type Verification } from '../../../server/audit/verify.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database, Executor } from '../../../server/db/schema.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { fillLog, serverSigner, type FilledLog } from '../../tamper/filled-log.ts';
import { drawOf, tamper } from '../../tamper/tampering.ts';

/** Ends a transaction that only tried something. */
class Undone extends Error {}

/** What an insider does with the stored rows, what it is found as, and the words that name the first bad record. */
const attacks: readonly (readonly [name: string, found: string, words: string, run: (db: Executor) => Promise<unknown>])[] = [
  ['edits the time of an access event', 'edited', 'entry 5 (field_event "dc/door-a/4")', (db) => db.updateTable('field_event').set({ at: 1 }).where('id', '=', 'dc/door-a/4').execute()],
  ['edits a card number', 'edited', 'attributes.card is not what was logged', (db) => sql`update field_event set card = '816505', attributes = replace(attributes, '816504', '816505') where id = 'dc/door-a/4'`.execute(db)],
  ['edits the reason of a look-up', 'edited', 'identity_lookup', (db) => db.updateTable('identity_lookup').set({ reason: 'Lain' }).execute()],
  ['edits what a signed handover says', 'edited', '(handover "h1")', (db) => db.updateTable('handover').set({ content: '{}' }).where('id', '=', 'h1').execute()],
  ['moves the window of a ticket', 'edited', 'row "t2" of ticket', (db) => db.updateTable('ticket').set({ to_at: 9e12 }).where('id', '=', 't2').execute()],
  ['adds a room to a ticket', 'edited', 'row "t2" of ticket', (db) => db.insertInto('ticket_room').values({ ticket: 't2', room: 'hall-9' }).execute()],
  ['adds a person to a ticket', 'edited', 'ticket.persons is not what was logged', (db) => db.updateTable('ticket').set({ persons: '[]' }).where('id', '=', 't3').execute()],
  ['deletes an access event', 'deleted', 'entry 5: row "dc/door-a/4" of field_event was deleted', (db) => db.deleteFrom('field_event').where('id', '=', 'dc/door-a/4').execute()],
  ['deletes an event and its entry', 'deleted', 'entry 5 was deleted from log_entry', async (db) => {
    await db.deleteFrom('field_event').where('id', '=', 'dc/door-a/4').execute();
    await db.deleteFrom('log_entry').where('sequence', '=', 5).execute();
  }],
  ['inserts an access event', 'inserted', 'row "forged" of field_event', (db) => db.insertInto('field_event').values({ id: 'forged', site: 'dc', device: 'door-a', at: 1, kind: 'access-granted', attributes: '{}', received_at: 1 }).execute()],
  ['lets two entries change places', 'reordered', 'has changed places with entry', (db) => exchangeEntries(db, 5, 8)],
  ['cuts the end off, rows and all', 'truncated', 'the log was cut off', async (db) => {
    await db.deleteFrom('audit_entry').execute();
    await db.deleteFrom('log_entry').where('kind', '=', 'audit').execute();
  }],
  ['erases a value without a record', 'edited', 'erased without a record', async (db) => {
    await sql`update field_event set card = null, attributes = replace(attributes, '"816504"', 'null') where id = 'dc/door-a/4'`.execute(db);
    await db.updateTable('log_personal').set({ salt: null }).where('sequence', '=', 5).where('field', '=', 'attributes.card').execute();
  }],
  ['gives a ticket an address that it never had', 'edited', 'ticket.pic_email was added', (db) => db.updateTable('ticket').set({ pic_email: 'lain@example.go.id' }).execute()],
  ['deletes a checkpoint', 'deleted', 'checkpoint 2 was deleted', (db) => db.deleteFrom('log_checkpoint').where('number', '=', 2).execute()],
  ['signs the checkpoints with another key', 'key-changed', 'not by the key of the log', (db) => signAgain(db, 'thief')],
  ['edits a row and computes its leaf and the head again', 'edited', 'what was signed', async (db) => {
    await db.updateTable('field_event').set({ at: 1 }).where('id', '=', 'dc/door-a/4').execute();
    await logAgain(db);
  }],
]; // prettier-ignore

async function exchangeEntries(db: Executor, one: number, other: number): Promise<void> {
  const renumber = (from: number, to: number) => db.updateTable('log_entry').set({ sequence: to }).where('sequence', '=', from).execute(); // prettier-ignore
  await renumber(one, 9_999);
  await renumber(other, one);
  await renumber(9_999, other);
}

/** As the program does it: whoever has the database can run it. Commitments get new salts. */
async function logAgain(db: Executor): Promise<void> {
  const entries = await db.selectFrom('log_entry').selectAll().orderBy('sequence').execute();
  const records: Appending[] = [];
  // Which event of a ticket is its latest, the log itself tells.
  for (const { kind, ref } of entries) {
    if (!isLogKind(kind)) throw new Error(kind);
    const [row] = await sources[kind].load(db, [ref]);
    if (row !== undefined) records.push({ kind, row });
  }
  for (const table of ['log_entry', 'log_node', 'log_personal'] as const)
    await db.deleteFrom(table).execute();
  await db.updateTable('log_head').set({ size: 0, frontier: '[]' }).execute();
  await appendToLog(db, records);
}

async function signAgain(db: Executor, seed: string): Promise<void> {
  const signer = serverSigner(seed);
  for (const { number, size, root, at } of await db.selectFrom('log_checkpoint').selectAll().execute()) {
    const note = signCheckpoint({ origin: signer.name, number, size, root, at }, signer);
    await db.updateTable('log_checkpoint').set({ note }).where('number', '=', number).execute();
  }
}

forEachDatabase('the log under attack', (database) => {
  let db: Database;
  let filled: FilledLog;
  beforeEach(async () => {
    db = await openDatabase(database.where());
    filled = await fillLog(db);
  });
  afterEach(async () => {
    await filled.service.close();
    await db.destroy();
  });
  const check = (on: Executor): Promise<Verification> =>
    verifyLog(on, { witnesses: [filled.witness], publicKey: filled.publicKey });

  /** Undefined: the database itself refused the change. */
  async function after<Result>(
    work: (trx: Executor) => Promise<Result>,
  ): Promise<{ result: Result; found: Verification }> {
    let outcome: { result: Result; found: Verification } | undefined;
    await db
      .transaction()
      .execute(async (trx) => {
        const result = await work(trx);
        outcome = { result, found: await check(trx) };
        throw new Undone();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undone)) throw error;
      });
    if (outcome === undefined) throw new Error('nothing was verified');
    return outcome;
  }

  it('finds nothing in a log that nobody touched', async () => {
    const found = await check(db);
    expect(found.findings).toEqual([]);
    expect(found).toMatchObject({ entries: 60, checkpoints: 6, witnessed: 6, erased: 0, problems: 0 });
  });

  it('finds every attack, and names the record', async () => {
    for (const [name, what, words, run] of attacks) {
      const { found } = await after(run);
      const named = found.findings.some(
        (finding) => finding.what === what && finding.message.includes(words),
      );
      expect({ name, named, findings: named ? [] : found.findings }).toEqual({
        name,
        named: true,
        findings: [],
      });
    }
  });

  it('finds a log that was written and signed again with the stolen key, by what a witness kept', async () => {
    const rewrite = async (trx: Executor): Promise<void> => {
      await trx.updateTable('field_event').set({ at: 1 }).where('id', '=', 'dc/door-a/4').execute();
      await logAgain(trx);
      for (const table of ['log_checkpoint', 'log_witness'] as const) await trx.deleteFrom(table).execute();
      await trx.updateTable('log_head').set({ checkpoints: 0 }).execute();
    };
    const { found } = await after(rewrite);
    expect(found.findings).toHaveLength(7);
    expect(found.findings[0]?.message).toContain('the countersignatures of drc were deleted');
    expect(found.findings[1]).toMatchObject({ what: 'forked' });
    expect(found.findings[1]?.message).toContain('checkpoint 1 of witness drc');
  });

  it('finds another key that was entered for itself', async () => {
    const thief = serverSigner('thief');
    const { found } = await after(async (trx) => {
      await appendToLog(trx, [{ kind: 'key', row: provableKey(thief.publicKey) }]);
    });
    expect(found.findings).toMatchObject([{ what: 'key-changed', sequence: 60 }]);
  });

  it('finds 25 random changes', async () => {
    const draw = drawOf(11);
    for (let tried = 0; tried < 25;) {
      const outcome = await after((trx) => tamper(trx, draw)).catch(() => undefined);
      if (outcome?.result === undefined) continue;
      tried += 1;
      expect({ change: outcome.result, isFound: outcome.found.problems > 0 }).toEqual({ change: outcome.result, isFound: true }); // prettier-ignore
    }
  });
});

describe('a random change', () => {
  it('is the same for the same seed', () => {
    const [one, other] = [drawOf(5), drawOf(5)];
    expect(Array.from({ length: 20 }, () => one(100))).toEqual(Array.from({ length: 20 }, () => other(100)));
  });
});
