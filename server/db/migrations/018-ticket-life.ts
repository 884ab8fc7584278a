import type { Migration } from 'kysely';

/** A ticket has a life; what was done with it, by whom and why, is a row each. */
export const ticketLife: Migration = {
  async up(db) {
    const ticket = db.schema.alterTable('ticket');
    await ticket.addColumn('state', 'text', (column) => column.notNull().defaultTo('submitted')).execute();
    await ticket.addColumn('escort', 'text').execute();
    await ticket.addColumn('answered_at', 'bigint').execute();
    await ticket.addColumn('fulfilled_at', 'bigint').execute();
    await ticket.addColumn('closed_at', 'bigint').execute();
    await db.schema
      .createIndex('ticket_state_created')
      .on('ticket')
      .columns(['state', 'created_at'])
      .execute();
    await db.schema
      .createTable('ticket_event')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ticket', 'text', (column) => column.notNull().references('ticket.id').onDelete('cascade'))
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('note', 'text')
      .execute();
    await db.schema.createIndex('ticket_event_ticket').on('ticket_event').columns(['ticket', 'id']).execute();
  },
};
