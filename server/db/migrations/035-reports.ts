import type { Migration } from 'kysely';

/** Reports as they were made, the files of each, and whom they were sent to. */
export const reports: Migration = {
  async up(db) {
    await db.schema
      .createTable('report')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('month', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('made_at', 'bigint', (column) => column.notNull())
      .addColumn('made_by', 'text', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addUniqueConstraint('report_revision', ['kind', 'site', 'month', 'revision'])
      .execute();
    await db.schema
      .createTable('report_file')
      .addColumn('report', 'text', (column) => column.notNull().references('report.id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('report_file_key', ['report', 'name'])
      .execute();
    await db.schema
      .createTable('report_delivery')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('report', 'text')
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('sent_at', 'bigint')
      .addColumn('answer', 'text')
      .execute();
    await db.schema
      .createIndex('report_delivery_state')
      .on('report_delivery')
      .columns(['state', 'id'])
      .execute();
  },
};
