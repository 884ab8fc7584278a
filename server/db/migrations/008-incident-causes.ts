import { sql, type Migration } from 'kysely';

/**
 * An incident has causes, a title, and a time at which its condition was over; it is resolved when somebody has seen that too. One that
 * was resolved before with alarms nobody acknowledged waits for that again.
 */
export const incidentCauses: Migration = {
  async up(db) {
    const table = db.schema.alterTable('incident');
    await table.addColumn('title_id', 'text', (column) => column.notNull().defaultTo('')).execute();
    await table.addColumn('title_en', 'text', (column) => column.notNull().defaultTo('')).execute();
    await table.addColumn('causes', 'text', (column) => column.notNull().defaultTo('[]')).execute();
    await table.addColumn('life_safety', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await table.addColumn('returned_at', 'bigint').execute();
    await table.addColumn('merged_into', 'text').execute();
    await db.schema.alterTable('incident_alarm').addColumn('because', 'text').execute();
    await sql`update incident set title_id = name_id, title_en = name_en, returned_at = resolved_at`.execute(
      db,
    );
    await sql`update incident set resolved_at = null where unacknowledged > 0`.execute(db);
  },
};
