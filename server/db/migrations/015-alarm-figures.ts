import type { Migration } from 'kysely';

/**
 * How well the alarm system itself does: the journal by time, what is done about alarms that come too often, incidents that were
 * false alarms, and the figures of a month as they were when its report was made.
 */
export const alarmFigures: Migration = {
  async up(db) {
    await db.schema
      .createIndex('alarm_journal_time')
      .on('alarm_journal')
      .columns(['server_at', 'sequence'])
      .execute();
    await db.schema
      .createTable('alarm_work')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('alarm', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('assignee', 'text')
      .addColumn('note', 'text')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('alarm_work_alarm').on('alarm_work').columns(['alarm', 'id']).execute();
    await db.schema
      .createTable('false_alarm')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
      .addColumn('marked', 'integer', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('false_alarm_incident')
      .on('false_alarm')
      .columns(['incident', 'id'])
      .execute();
    await db.schema
      .createTable('alarm_report')
      .addColumn('month', 'text', (column) => column.primaryKey())
      .addColumn('made_at', 'bigint', (column) => column.notNull())
      .addColumn('figures', 'text', (column) => column.notNull())
      .execute();
  },
};
