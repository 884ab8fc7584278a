import type { Migration } from 'kysely';

/** What a search of a network found and nobody has configured or put aside yet. */
export const discovery: Migration = {
  async up(db) {
    await db.schema
      .createTable('discovery_finding')
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('protocol', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('summary', 'text', (column) => column.notNull())
      .addColumn('entry', 'text', (column) => column.notNull())
      .addColumn('found_at', 'bigint', (column) => column.notNull())
      .addColumn('found_by', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('discovery_finding_place', ['site', 'protocol', 'address'])
      .execute();
  },
};
