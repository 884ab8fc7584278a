import type { Migration } from 'kysely';

/**
 * What is sent to whom about an incident. The table of migration 005 was never written: it is made anew with what sending needs. A page
 * plan is the escalation as it was when the incident was opened.
 */
export const notifications: Migration = {
  async up(db) {
    await db.schema.dropTable('notification').execute();
    await db.schema
      .createTable('notification')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('step', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('next_at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('sent_at', 'bigint')
      .addColumn('received_at', 'bigint')
      .addColumn('answer', 'text')
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('notification_incident')
      .on('notification')
      .columns(['incident', 'id'])
      .execute();
    await db.schema.createIndex('notification_state').on('notification').columns(['state', 'id']).execute();
    await db.schema
      .createTable('page_plan')
      .addColumn('incident', 'text', (column) => column.primaryKey().references('incident.id'))
      .addColumn('priority', 'text', (column) => column.notNull())
      .addColumn('plan', 'text', (column) => column.notNull())
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('taken', 'integer', (column) => column.notNull())
      .addColumn('open', 'integer', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('on_call_override')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('layer', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull())
      .addColumn('to_at', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_by', 'text')
      .execute();
  },
};
