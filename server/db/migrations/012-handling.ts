import type { Migration } from 'kysely';

/** What people do with an incident beside acknowledging it: its clock, whose it is, what it was, and whether it is a *Bencana TIK*. */
export const handling: Migration = {
  async up(db) {
    const columns = ['assigned_to', 'found_cause', 'remedy', 'disaster'] as const;
    for (const name of columns) await db.schema.alterTable('incident').addColumn(name, 'text').execute();
    await db.schema.alterTable('incident').addColumn('reopened_at', 'bigint').execute();
    await db.schema
      .alterTable('incident')
      .addColumn('pauses', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute();
    // An incident of before is not warned of again: its page says that it is over.
    await db.schema
      .alterTable('incident')
      .addColumn('sla_stage', 'integer', (column) => column.notNull().defaultTo(2))
      .execute();
    await db.schema
      .createTable('incident_attachment')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addColumn('added_by', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('incident_attachment_incident')
      .on('incident_attachment')
      .columns(['incident', 'id'])
      .execute();
    await db.schema
      .createTable('incident_report')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('known_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('fields', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('opened_at', 'bigint', (column) => column.notNull())
      .addColumn('opened_by', 'text', (column) => column.notNull())
      .addColumn('saved_at', 'bigint')
      .addColumn('saved_by', 'text')
      .addColumn('sent_at', 'bigint')
      .addColumn('sent_by', 'text')
      .addColumn('receipt', 'text')
      .addColumn('version', 'integer', (column) => column.notNull())
      .addUniqueConstraint('incident_report_once', ['incident', 'kind'])
      .execute();
  },
};
