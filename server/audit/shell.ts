import type { AuditEntryTable } from '../db/schema/log.ts';
import { auditEntryOf } from './trail.ts';

/** Something that was done in the shell of the server. */
export interface ShellCommand {
  /** Who typed it. */
  readonly actor: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Of the endpoint that does the same, so that both are found together. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const created = 201;

/** Its entry in the log: the actor says that it was the shell, where nobody signs in. */
export function shellEntry(
  { actor, ...command }: ShellCommand,
  at: Pick<AuditEntryTable, 'id' | 'at'>,
): AuditEntryTable {
  return auditEntryOf(
    { ...command, actor: `shell:${actor}`, role: '', address: '', status: created, problem: null },
    at,
  );
}
