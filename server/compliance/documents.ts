import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { receiveFile, sweepIncoming } from '../../core/receive-file.ts';
import { formats } from '../../domain/format/format.ts';
import { plain } from '../../domain/wording/compliance.ts';
import type { DocumentState, Judged } from '../contracts/compliance.ts';
import type { Database } from '../db/schema.ts';
import type { ComplianceDocumentTable } from '../db/schema/reports.ts';
import type { Range } from '../historian/historian.ts';
import { allowedPapers, paperCheck, safeName } from '../incidents/file-type.ts';
import type { Held } from './verdict.ts';

export type DocumentRow = Readonly<ComplianceDocumentTable>;

/** The upload is not what is taken; the message says what is. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
}
/** The row is there and its file is not. */
export class DocumentMissing extends Error {
  override readonly name = 'DocumentMissing';
}

export const mostDocumentBytes = 10 * 1_024 * 1_024;
/** Of one site and kind: nobody keeps more of them, and a script that uploads in a loop is stopped. */
const mostOfKind = 200;

interface NewDocument {
  readonly site: string;
  readonly kind: string;
  readonly name: string;
  /** The bytes as they come. */
  readonly incoming: AsyncIterable<Uint8Array>;
  readonly validFrom: number;
  readonly expiresAt: number;
  readonly note?: string | undefined;
  readonly actor: string;
}

export interface Documents {
  /** Of one site or of all, the newest first. */
  list(site?: string): Promise<DocumentRow[]>;
  /** Rejects with DocumentRefused, or FileRefused. */
  add(document: NewDocument): Promise<DocumentRow>;
  /** Undefined: there is none. Rejects with DocumentMissing. */
  read(id: string): Promise<{ readonly row: DocumentRow; readonly bytes: Uint8Array } | undefined>;
  /** It was a mistake: it does not count any more and stays in the list. Undefined: there is none. Rejects with DocumentRefused. */
  withdraw(
    id: string,
    by: { readonly actor: string; readonly why: string },
  ): Promise<DocumentRow | undefined>;
}

/** Documents that prove rows: the row in the database, the bytes in the data folder under the row's id. */
export function createDocuments(options: {
  readonly db: Database;
  /** Made when the first file comes. */
  readonly folder: string;
  readonly clock: { now(): number };
  readonly newId: (at: number) => string;
}): Documents {
  const { db, folder, clock, newId } = options;
  const find = (id: string) =>
    db.selectFrom('compliance_document').selectAll().where('id', '=', id).executeTakeFirst();
  const swept = sweepIncoming(folder);
  return {
    list(site) {
      const query = db.selectFrom('compliance_document').selectAll().orderBy('id', 'desc');
      return (site === undefined ? query : query.where('site', '=', site)).execute();
    },
    async add({ site, kind, name, incoming, validFrom, expiresAt, note, actor }) {
      if (expiresAt <= validFrom) throw new DocumentRefused('ends before it begins to count; swap the two days');
      const earlier = await db
        .selectFrom('compliance_document')
        .select('sha256')
        .where('site', '=', site)
        .where('kind', '=', kind)
        .where('withdrawn_at', 'is', null)
        .execute();
      if (earlier.length >= mostOfKind) throw new DocumentRefused(`there are ${mostOfKind} of this kind already; withdraw old ones`);
      const at = clock.now();
      const id = newId(at);
      await swept;
      const received = await receiveFile(incoming, { folder, id, mostBytes: mostDocumentBytes, check: paperCheck(), allowed: allowedPapers });
      const { type, bytes, sha256 } = received;
      if (earlier.some((each) => each.sha256 === sha256)) {
        await received.discard();
        throw new DocumentRefused('this very file is there already; withdraw it before it is uploaded with other days');
      }
      const row: DocumentRow = {
        id, site, kind, name: safeName(name, type), type: type.type, bytes, sha256, note: note ?? null,
        valid_from: validFrom, expires_at: expiresAt, added_at: at, added_by: actor, withdrawn_at: null, withdrawn_by: null, withdrawn_why: null,
      };
      // The bytes first: a row without a file would be a promise that nobody keeps.
      await received.keep(join(folder, row.id));
      try {
        await db.insertInto('compliance_document').values(row).execute();
      } catch (error) {
        await rm(join(folder, row.id), { force: true });
        throw error;
      }
      return row;
    },
    async read(id) {
      const row = await find(id);
      if (row === undefined) return undefined;
      const bytes = await readFile(join(folder, row.id)).catch(() => undefined);
      if (bytes === undefined || hashOf(bytes) !== row.sha256)
        throw new DocumentMissing(`the file of ${row.name} is missing or damaged in the data folder; restore documents/${row.id} from a backup`);
      return { row, bytes };
    },
    async withdraw(id, { actor, why }) {
      const row = await find(id);
      if (row === undefined) return undefined;
      if (row.withdrawn_at !== null) throw new DocumentRefused('is withdrawn already');
      const change = { withdrawn_at: clock.now(), withdrawn_by: actor, withdrawn_why: why };
      await db.updateTable('compliance_document').set(change).where('id', '=', id).execute();
      return { ...row, ...change };
    },
  };
} // prettier-ignore

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function documentState(row: DocumentRow, now: number, remindBeforeMs: number): DocumentState {
  if (row.withdrawn_at !== null) return 'withdrawn';
  if (now < row.valid_from) return 'waiting';
  if (now >= row.expires_at) return 'expired';
  return now >= row.expires_at - remindBeforeMs ? 'expiring' : 'valid';
}

/** Whether a document proves its row at a moment; of several the one that counts longest. Pure. */
export function judgeDocument(rows: readonly DocumentRow[], now: number, remindBeforeMs: number): Judged {
  const counting = rows.filter(({ withdrawn_at: withdrawn }) => withdrawn === null);
  const current = counting
    .filter((row) => row.valid_from <= now && now < row.expires_at)
    .sort((a, b) => b.expires_at - a.expires_at)[0];
  if (current !== undefined) {
    const until = dayText(current.expires_at - 1);
    const isDue = documentState(current, now, remindBeforeMs) === 'expiring';
    return {
      verdict: 'holds',
      reason: isDue
        ? plain(`Berlaku sampai ${until.id}; segera perbarui`, `Valid until ${until.en}; renew it soon`)
        : plain(`Berlaku sampai ${until.id}`, `Valid until ${until.en}`),
    };
  }
  const last = counting.filter((row) => row.expires_at <= now).sort((a, b) => b.expires_at - a.expires_at)[0];
  if (last === undefined)
    return { verdict: 'not-proven', reason: plain('Belum ada dokumen', 'No document yet') };
  const since = dayText(last.expires_at - 1);
  return {
    verdict: 'not-proven',
    reason: plain(`Dokumen kedaluwarsa: berlaku sampai ${since.id}`, `The document has expired: it was valid until ${since.en}`),
  };
} // prettier-ignore

/** The part of a time for which a document counted; for the rest nothing is known. Pure. */
export function documentHeld(rows: readonly DocumentRow[], range: Range): Held {
  const spans = rows.map((row) => ({
    from: row.valid_from,
    // Withdrawn, it never was a proof.
    to: row.withdrawn_at === null ? row.expires_at : row.valid_from,
  }));
  return { heldMs: coveredBy(spans, range), brokenMs: 0, totalMs: range.to - range.from };
}

/** Length of a range that at least one span covers. */
export function coveredBy(spans: readonly Range[], range: Range): number {
  let covered = 0;
  let done = range.from;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const begin = Math.max(from, done);
    const end = Math.min(to, range.to);
    if (end > begin) {
      covered += end - begin;
      done = end;
    }
  }
  return covered;
}

function dayText(at: number): { id: string; en: string } {
  return { id: formats.id.date(at), en: formats.en.date(at) };
}
