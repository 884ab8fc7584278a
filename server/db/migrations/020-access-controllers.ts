import type { Migration } from 'kysely';

/** How far each controller has numbered its events, and which numbers never arrived. */
export const accessControllers: Migration = {
  async up(db) {
    await db.schema
      .createTable('access_controller')
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('controller', 'text', (column) => column.notNull())
      .addColumn('numbering', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('access_controller_key', ['source', 'controller'])
      .execute();
  },
};
