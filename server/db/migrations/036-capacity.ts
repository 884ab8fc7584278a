import type { Migration } from 'kysely';

/** What was predicted for a failure just before it happened, and what then followed. */
export const capacity: Migration = {
  async up(db) {
    await db.schema
      .createTable('capacity_prediction')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('elements', 'text', (column) => column.notNull())
      .addColumn('predicted', 'text', (column) => column.notNull())
      .addColumn('judged_at', 'bigint')
      .addColumn('seen', 'text')
      .execute();
    await db.schema
      .createIndex('capacity_prediction_site')
      .on('capacity_prediction')
      .columns(['site', 'id'])
      .execute();
  },
};
