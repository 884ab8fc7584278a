import type { Migration } from 'kysely';

/** Who has read the identities of the persons on a ticket, when and what for (UU 27/2022). */
export const identityLookups: Migration = {
  async up(db) {
    await db.schema
      .createTable('identity_lookup')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ticket', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('user_name', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('identity_lookup_ticket')
      .on('identity_lookup')
      .columns(['ticket', 'id'])
      .execute();
  },
};
