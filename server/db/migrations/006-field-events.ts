import type { Migration } from 'kysely';

/** What happened once in the field: badge reads, doors, controllers' own logs. */
export const fieldEvents: Migration = {
  async up(db) {
    await db.schema
      .createTable('field_event')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('attributes', 'text', (column) => column.notNull())
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('field_event_at').on('field_event').columns(['at', 'id']).execute();
    await db.schema
      .createIndex('field_event_site_at')
      .on('field_event')
      .columns(['site', 'at', 'id'])
      .execute();
    await db.schema
      .createIndex('field_event_device_at')
      .on('field_event')
      .columns(['site', 'device', 'at', 'id'])
      .execute();
  },
};
