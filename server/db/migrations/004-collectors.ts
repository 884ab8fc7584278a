import type { Migration } from 'kysely';

/** Tokens bound to sites; which batches of remote collectors were taken. */
export const collectors: Migration = {
  async up(db) {
    await db.schema.alterTable('token').addColumn('sites', 'text').execute();
    await db.schema
      .createTable('collector_run')
      .addColumn('collector', 'text', (column) => column.notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('contact_at', 'bigint', (column) => column.notNull())
      .addColumn('settled', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('collector_run_key', ['collector', 'run'])
      .execute();
    await db.schema
      .createTable('collector_taken')
      .addColumn('collector', 'text', (column) => column.notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('first', 'bigint', (column) => column.notNull())
      .addColumn('last', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('collector_taken_key', ['collector', 'run', 'first'])
      .execute();
  },
};
