import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Database, Executor } from '../db/schema.ts';
import type { AuditEntryTable } from '../db/schema/log.ts';
import type { CommandRecord } from '../contracts/audit.ts';
import { logAudit } from './entries.ts';
import { redacted } from './redact.ts';

interface AuditFilter {
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  /** Begins with it. */
  readonly path?: string | undefined;
  readonly outcome?: 'done' | 'refused' | undefined;
  /** Epoch ms; `to` is exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Id of the last one shown. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Who did what through the API. */
export interface AuditTrail {
  /** Resolves once it is durable, or is kept to be written later because the database takes nothing. Never rejects. */
  record(command: CommandRecord): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<AuditEntryTable[]>;
  /** Why entries wait or were lost, for health. */
  problem(): string | undefined;
}

/** Entries that wait for the database; one more is dropped, counted and reported. */
const mostWaiting = 1_000;
const firstFailure = 400;

export function createAuditTrail(options: {
  readonly db: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: RandomBytes;
  readonly log: Logger;
}): AuditTrail {
  const { db, clock, randomBytes, log } = options;
  let waiting: AuditEntryTable[] = [];
  let dropped = 0;

  return {
    async record(command) {
      const at = clock.now();
      const rows = [...waiting, auditEntryOf(command, { id: sortableId(at, randomBytes), at })];
      waiting = [];
      try {
        await db.transaction().execute((trx) => writeAudit(trx, rows));
      } catch (error) {
        if (waiting.length === 0) log.error({ err: error }, 'audit entries cannot be written; they are kept');
        waiting = [...rows, ...waiting];
        dropped += Math.max(0, waiting.length - mostWaiting);
        waiting = waiting.slice(0, mostWaiting);
      }
    },

    list({ actor, subject, path, outcome, from, to, before, limit }) {
      let query = db.selectFrom('audit_entry').selectAll().orderBy('id', 'desc').limit(limit);
      if (actor !== undefined) query = query.where('actor', '=', actor);
      if (subject !== undefined) query = query.where('subject', '=', subject);
      if (path !== undefined) query = query.where('path', '>=', path).where('path', '<', `${path}\u{10FFFF}`);
      if (outcome === 'done') query = query.where('status', '<', firstFailure);
      if (outcome === 'refused') query = query.where('status', '>=', firstFailure);
      if (from !== undefined) query = query.where('at', '>=', from);
      if (to !== undefined) query = query.where('at', '<', to);
      if (before !== undefined) query = query.where('id', '<', before);
      return query.execute();
    },

    problem() {
      if (waiting.length === 0 && dropped === 0) return undefined;
      return `${waiting.length} audit entries wait to be written, ${dropped} were lost`;
    },
  };
}

export function auditEntryOf(
  { params, body, ...command }: CommandRecord,
  { id, at }: Pick<AuditEntryTable, 'id' | 'at'>,
): AuditEntryTable {
  // A token in a path opens what it is for.
  const shown = Object.entries(params).map(([name, value]) => (name === 'token' ? '•••' : String(value)));
  return { ...command, id, at, subject: shown.join('/'), input: JSON.stringify(redacted(body) ?? null) };
}

/** Writes entries and logs them, in the caller's transaction; those that are there already are left out. */
export async function writeAudit(trx: Executor, rows: readonly AuditEntryTable[]): Promise<void> {
  const written = await trx
    .insertInto('audit_entry')
    .values([...rows])
    // A commit whose answer was lost is tried again.
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  const ids = new Set(written.map(({ id }) => id));
  await logAudit(
    trx,
    rows.filter(({ id }) => ids.has(id)),
  );
}
