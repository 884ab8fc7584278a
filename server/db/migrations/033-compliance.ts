import type { Migration } from 'kysely';

/** When each row of BAB IV began to hold or to fail, and when anybody looked. */
export const compliance: Migration = {
  async up(db) {
    await db.schema
      .createTable('compliance_change')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('row', 'text', (column) => column.notNull())
      .addColumn('proof', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('verdict', 'text', (column) => column.notNull())
      .addColumn('reason_id', 'text', (column) => column.notNull())
      .addColumn('reason_en', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('compliance_change_time')
      .on('compliance_change')
      .columns(['site', 'at'])
      .execute();
    await db.schema
      .createTable('compliance_watch')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull())
      .addColumn('to_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('compliance_watch_time')
      .on('compliance_watch')
      .columns(['site', 'to_at'])
      .execute();
  },
};
