import type { Migration } from 'kysely';

/** Incidents, their alarms and their timeline. */
export const incidents: Migration = {
  async up(db) {
    await db.schema
      .createTable('incident')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('room', 'text')
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('name_id', 'text', (column) => column.notNull())
      .addColumn('name_en', 'text', (column) => column.notNull())
      .addColumn('discipline', 'text', (column) => column.notNull())
      .addColumn('urgency', 'text', (column) => column.notNull())
      .addColumn('impact', 'text', (column) => column.notNull())
      .addColumn('priority', 'text', (column) => column.notNull())
      .addColumn('clause', 'text', (column) => column.notNull())
      .addColumn('opened_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('acknowledged_by', 'text')
      .addColumn('resolved_at', 'bigint')
      .addColumn('active', 'integer', (column) => column.notNull())
      .addColumn('total', 'integer', (column) => column.notNull())
      .addColumn('worst_alarm', 'text')
      .execute();
    await db.schema
      .createIndex('incident_priority')
      .on('incident')
      .columns(['priority', 'due_at', 'id'])
      .execute();
    await db.schema.createIndex('incident_resolved_at').on('incident').column('resolved_at').execute();
    await db.schema
      .createIndex('incident_site_opened')
      .on('incident')
      .columns(['site', 'opened_at'])
      .execute();
    await db.schema
      .createTable('alarm')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('point', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('unit', 'text', (column) => column.notNull())
      .addColumn('since_at', 'bigint', (column) => column.notNull())
      .addColumn('until_at', 'bigint')
      .addColumn('value', 'double precision')
      .addColumn('worst', 'double precision')
      .addColumn('state', 'text')
      .addColumn('limit_value', 'double precision')
      .addColumn('latched', 'integer', (column) => column.notNull())
      .addColumn('acknowledged', 'integer', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('alarm_incident').on('alarm').columns(['incident', 'id']).execute();
    await db.schema
      .createTable('incident_event')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('actor', 'text')
      .addColumn('point', 'text')
      .addColumn('value', 'double precision')
      .addColumn('note', 'text')
      .execute();
    await db.schema
      .createIndex('incident_event_incident')
      .on('incident_event')
      .columns(['incident', 'id'])
      .execute();
  },
};
