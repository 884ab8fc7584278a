import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** Writes all of `work`, or nothing of it when it or the commit throws. Takes the write lock at its beginning. */
export function inTransaction<Result>(
  database: Pick<DatabaseSyncInstance, 'exec' | 'isTransaction'>,
  work: () => Result,
): Result {
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}
