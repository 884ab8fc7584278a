import type { Migration } from 'kysely';

/** Events of doors that arrived days late and are not judged yet. */
export const lateEvents: Migration = {
  async up(db) {
    await db.schema
      .createTable('late_event')
      .addColumn('event', 'text', (column) => column.primaryKey().notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('late_event_at').on('late_event').columns(['at', 'event']).execute();
  },
};
