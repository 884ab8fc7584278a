import type { Migration } from 'kysely';

/** Access tickets and the rooms they name. */
export const access: Migration = {
  async up(db) {
    await db.schema
      .createTable('ticket')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('unit', 'text', (column) => column.notNull())
      .addColumn('pic', 'text', (column) => column.notNull())
      .addColumn('accompanied', 'integer', (column) => column.notNull())
      .addColumn('persons', 'text', (column) => column.notNull())
      .addColumn('activity', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull())
      .addColumn('to_at', 'bigint', (column) => column.notNull())
      .addColumn('superior_email', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('ticket_site_from').on('ticket').columns(['site', 'from_at']).execute();
    await db.schema
      .createTable('ticket_room')
      .addColumn('ticket', 'text', (column) => column.notNull().references('ticket.id').onDelete('cascade'))
      .addColumn('room', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ticket_room_key', ['ticket', 'room'])
      .execute();
  },
};
