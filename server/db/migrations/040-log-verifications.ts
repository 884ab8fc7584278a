import type { Migration } from 'kysely';

/** Verifications of the log that were started from the page, with what they found. */
export const logVerifications: Migration = {
  async up(db) {
    await db.schema
      .createTable('log_verification')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint', (column) => column.notNull())
      .addColumn('result', 'text', (column) => column.notNull())
      .execute();
  },
};
