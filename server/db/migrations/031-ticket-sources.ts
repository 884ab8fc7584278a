import type { Migration } from 'kysely';

/** Further fields of tickets, the number of the request in another system, and visits that come again. */
export const ticketSources: Migration = {
  async up(db) {
    await db.schema
      .createTable('ticket_series')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('template', 'text', (column) => column.notNull())
      .addColumn('repetition', 'text', (column) => column.notNull())
      .addColumn('first_at', 'bigint', (column) => column.notNull())
      .addColumn('duration_ms', 'bigint', (column) => column.notNull())
      .addColumn('made_until', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_by', 'text')
      .execute();
    const ticket = db.schema.alterTable('ticket');
    await ticket.addColumn('pic_email', 'text').execute();
    await ticket.addColumn('fields', 'text', (column) => column.notNull().defaultTo('{}')).execute();
    await ticket.addColumn('reference', 'text').execute();
    await ticket.addColumn('reference_at', 'bigint').execute();
    await ticket.addColumn('series', 'text').execute();
    await ticket.addColumn('series_at', 'bigint').execute();
    await db.schema.createIndex('ticket_reference').on('ticket').column('reference').unique().execute();
    await db.schema
      .createIndex('ticket_series_visit')
      .on('ticket')
      .columns(['series', 'series_at'])
      .unique()
      .execute();
    await db.schema.createIndex('ticket_from').on('ticket').columns(['from_at', 'id']).execute();
  },
};
