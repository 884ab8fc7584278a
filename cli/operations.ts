import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../server/db/database.ts';
import type { RandomBytes } from '../server/db/id.ts';
import type { Database } from '../server/db/schema.ts';

/** Runs `work` on the operations database of a data folder and closes it. */
export async function withOperations<Result>(
  dataDir: string,
  work: (db: Database, means: { now: number; randomBytes: RandomBytes }) => Promise<Result>,
): Promise<Result> {
  const db = await openDatabase(join(dataDir, 'operations.db'));
  try {
    return await work(db, { now: Date.now(), randomBytes });
  } finally {
    await db.destroy();
  }
}
