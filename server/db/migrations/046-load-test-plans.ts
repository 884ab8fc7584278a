import type { Migration } from 'kysely';

/** Planned load tests with their checklists; since when a site is watched; where the link of a mail leads. */
export const loadTestPlans: Migration = {
  async up(db) {
    await db.schema
      .createTable('load_test_plan')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull())
      .addColumn('to_at', 'bigint', (column) => column.notNull())
      .addColumn('witnesses', 'text', (column) => column.notNull())
      .addColumn('ticket', 'text')
      .addColumn('note', 'text')
      .addColumn('checklist', 'text', (column) => column.notNull())
      .addColumn('plant_state', 'text', (column) => column.notNull())
      .addColumn('test', 'text')
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('cancelled_by', 'text')
      .addColumn('cancelled_at', 'bigint')
      .addColumn('cancelled_why', 'text')
      .execute();
    await db.schema
      .createIndex('load_test_plan_site')
      .on('load_test_plan')
      .columns(['site', 'from_at'])
      .execute();
    await db.schema
      .createTable('load_test_check')
      .addColumn('plan', 'text', (column) => column.notNull())
      .addColumn('item', 'integer', (column) => column.notNull())
      .addColumn('ticked_by', 'text', (column) => column.notNull())
      .addColumn('ticked_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('load_test_check_key', ['plan', 'item'])
      .execute();
    await db.schema
      .createTable('load_test_watch')
      .addColumn('site', 'text', (column) => column.primaryKey())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.alterTable('report_delivery').addColumn('path', 'text').execute();
  },
};
