import type { Migration } from 'kysely';

/** A user may be limited to some of the sites; null: every site. */
export const userSites: Migration = {
  async up(db) {
    await db.schema.alterTable('user').addColumn('sites', 'text').execute();
  },
};
