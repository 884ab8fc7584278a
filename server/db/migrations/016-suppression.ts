import type { Migration } from 'kysely';

/** Alarms may be suppressed by design, and held while they chatter; what people declare of the plant is a row each. */
export const suppression: Migration = {
  async up(db) {
    const state = db.schema.alterTable('alarm_state');
    await state.addColumn('suppressed_by', 'text').execute();
    await state.addColumn('chattering', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await db.schema
      .createTable('plant_state')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('room', 'text')
      .addColumn('ticket', 'text')
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull())
      .addColumn('to_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_by', 'text')
      .execute();
    await db.schema.createIndex('plant_state_to').on('plant_state').columns(['to_at', 'id']).execute();
  },
};
