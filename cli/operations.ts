import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { shellEntry, type ShellCommand } from '../server/audit/shell.ts';
import { writeAudit } from '../server/audit/trail.ts';
import { DatabaseUnusable, isRetryable } from '../server/db/errors.ts';
import { sortableId, type RandomBytes } from '../server/db/id.ts';
import { openForCommand } from '../server/db/operations.ts';
import type { Database } from '../server/db/schema.ts';
import type { Environment } from './environment.ts';
import { exitCodes } from './usage.ts';

/** Runs `work` on the operations database and closes it. */
export async function withOperations<Result>(
  environment: Pick<Environment, 'PANTAU_DATA' | 'PANTAU_DATABASE_URL'>,
  work: (db: Database, means: { now: number; randomBytes: RandomBytes }) => Promise<Result>,
): Promise<Result> {
  const now = Date.now();
  const db = await openForCommand({
    dataDir: environment.PANTAU_DATA,
    databaseUrl: environment.PANTAU_DATABASE_URL,
    now,
  });
  try {
    return await work(db, { now, randomBytes });
  } finally {
    await db.destroy();
  }
}

/** Runs `work` as `withOperations` does, in one transaction with its entry in the log. */
export function changeOperations<Result>(
  environment: Pick<Environment, 'PANTAU_DATA' | 'PANTAU_DATABASE_URL'>,
  command: Omit<ShellCommand, 'actor'>,
  work: (db: Database, means: { now: number; randomBytes: RandomBytes }) => Promise<Result>,
): Promise<Result> {
  const actor = os.userInfo().username;
  return withOperations(environment, (db, means) =>
    db.transaction().execute(async (trx) => {
      const result = await work(trx, means);
      const { now: at } = means;
      await writeAudit(trx, [
        shellEntry({ ...command, actor }, { id: sortableId(at, means.randomBytes), at }),
      ]);
      return result;
    }),
  );
}

/** Explains a database that cannot be used, without a stack; false: it is another error. */
export function explainDatabaseError(error: unknown): boolean {
  if (!(error instanceof DatabaseUnusable) && !isRetryable(error)) return false;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof DatabaseUnusable ? exitCodes.unusable : exitCodes.retry;
  return true;
}
