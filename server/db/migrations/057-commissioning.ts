import type { Migration } from 'kysely';

/** Who compared a device's values with its own display, when, and with what result. Rows are only added. */
export const commissioning: Migration = {
  async up(db) {
    await db.schema
      .createTable('commissioning')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('profile', 'text', (column) => column.notNull())
      .addColumn('map', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('differs', 'integer', (column) => column.notNull())
      .addColumn('entries', 'text', (column) => column.notNull())
      .addColumn('note', 'text')
      .execute();
    await db.schema
      .createIndex('commissioning_device')
      .on('commissioning')
      .columns(['device', 'id'])
      .execute();
  },
};
