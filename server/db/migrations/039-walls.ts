import type { Migration } from 'kysely';

/** Walls that have reported that they paint: one that does not come back after a restart is missed all the same. */
export const walls: Migration = {
  async up(db) {
    await db.schema
      .createTable('wall')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('painted_at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
